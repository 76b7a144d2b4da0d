"""Asks a coordinator something in a trace of one's own, and for something that is not there.

    ask.py ADDRESS TRACEPARENT
"""
import sys
import urllib.error
import urllib.request

address, parent = sys.argv[1:]
urllib.request.urlopen(urllib.request.Request(f"{address}/v1/jobs", headers={"traceparent": parent})).read()
try:
    urllib.request.urlopen(f"{address}/v1/jobs/99")
    sys.exit("a job that is not there was found")
except urllib.error.HTTPError as error:
    assert error.code == 404, error
