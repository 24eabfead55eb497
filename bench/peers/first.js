/** The least that a program can do before its first request. */
import { get } from 'node:http';

get(JSON.parse(process.argv[2]).url, (answer) => answer.resume());
