"""What users' scripts do, with boto3. As a program: reads the stream at the endpoint that is given."""
import sys

import boto3
from botocore.config import Config

from emulator import KEY, REGION, SECRET


def client_for(endpoint, api):
    """A boto3 client at the data endpoint of an API, and that endpoint's URL."""
    def client(service, url):
        return boto3.client(service, endpoint_url=url, region_name=REGION, aws_access_key_id=KEY,
                            aws_secret_access_key=SECRET,
                            config=Config(retries={"max_attempts": 1}))
    url = client("kinesisvideo", endpoint).get_data_endpoint(
        StreamName="cam1", APIName=api)["DataEndpoint"]
    return client("kinesis-video-archived-media", url), url


def list_numbers(endpoint):
    """All fragments of the stream, by producer time."""
    client, _ = client_for(endpoint, "LIST_FRAGMENTS")
    pages = client.get_paginator("list_fragments").paginate(
        StreamName="cam1", PaginationConfig={"PageSize": 1000},
        FragmentSelector={"FragmentSelectorType": "PRODUCER_TIMESTAMP", "TimestampRange": {
            "StartTimestamp": 0, "EndTimestamp": 4102444800}})
    fragments = [fragment for page in pages for fragment in page["Fragments"]]
    return [f["FragmentNumber"] for f in sorted(fragments, key=lambda f: f["ProducerTimestamp"])]


def read_all(endpoint):
    """Lists everything, then reads one connection."""
    numbers = list_numbers(endpoint)
    client, _ = client_for(endpoint, "GET_MEDIA_FOR_FRAGMENT_LIST")
    for first in range(0, len(numbers), 100):
        body = client.get_media_for_fragment_list(
            StreamName="cam1", Fragments=numbers[first:first + 100])["Payload"]
        while body.read(1 << 20):
            pass


def command(endpoint):
    """Runs this as a program."""
    return [sys.executable, __file__, endpoint]


if __name__ == "__main__":
    read_all(sys.argv[1])
