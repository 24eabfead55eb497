process.on("SIGTERM",()=>process.exit(0)); await import('/tmp/reader/bare.mjs');
