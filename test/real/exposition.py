"""Reads /metrics with the parsers of Prometheus's Python client and prints what they found as JSON.

Arguments: files that end in .txt (Prometheus text) or .om (OpenMetrics).
"""
import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as text


def read(path):
    parse = open_metrics if path.endswith(".om") else text
    with open(path, encoding="utf-8", newline="") as file:
        families = list(parse(file.read()))
    return [
        {
            "name": family.name,
            "type": family.type,
            "help": family.documentation,
            "samples": [
                {"name": sample.name, "labels": sample.labels, "value": sample.value}
                for sample in family.samples
            ],
        }
        for family in families
    ]


json.dump([read(path) for path in sys.argv[1:]], sys.stdout)
