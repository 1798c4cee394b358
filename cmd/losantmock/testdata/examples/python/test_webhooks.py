"""A service in Python, tested against losantmock with the standard library.

Run with: LOSANT_URL=http://127.0.0.1:8080 python3 -m unittest
"""
import json
import os
import unittest
import urllib.error
import urllib.request

URL = os.environ.get("LOSANT_URL", "http://127.0.0.1:8080")
WEBHOOKS = "/applications/575ec8687ae143cd83dc4a97/webhooks"  # of the scenario "default"


def ask(method, path, body=None):
    request = urllib.request.Request(URL + path, method=method)
    request.add_header("Authorization", "Bearer any")
    data = None
    if body is not None:
        request.add_header("Content-Type", "application/json")
        data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, data) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


class Webhooks(unittest.TestCase):
    def setUp(self):
        ask("POST", "/__admin/reset")

    def test_a_webhook_is_created(self):
        status, webhook = ask("POST", WEBHOOKS, {"name": "Door opened"})
        self.assertEqual((status, webhook["responseCode"]), (201, 200))
        _, found = ask("POST", "/__admin/requests/count", {"operation": "webhooks.post", "status": 201})
        self.assertEqual(found["count"], 1)

    def test_a_name_is_asked_for(self):
        status, error = ask("POST", WEBHOOKS, {"responseCode": 201})
        self.assertEqual((status, error), (400, {"type": "Validation", "message": "webhook.name is required"}))


if __name__ == "__main__":
    unittest.main()
