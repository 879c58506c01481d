"""Downloads as an attacker asks for them: by raw websocket, for what was offered to somebody else."""

import asyncio
from urllib.request import urlopen

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE = 90  # seconds for the first page of a cold server


class Session:
    """A browser's session: a websocket that runs pages and asks for files."""

    def __init__(self, address: str) -> None:
        self.alert = ""  # the newest that a page showed
        self._url = f"{address.replace('http', 'ws')}/_stcore/stream"

    async def __aenter__(self) -> "Session":
        self._socket = await websockets.connect(self._url, proxy=None, max_size=None)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def open(self) -> list[str]:
        """Run the first page; give the ids of the downloads that it offers."""
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        await self._socket.send(asked.SerializeToString())
        offered = []
        async for message in self._messages():
            if message.WhichOneof("type") == "script_finished":
                return offered
            if message.WhichOneof("type") == "new_session":
                self._id = message.new_session.initialize.session_id
            self.alert = message.delta.new_element.alert.body or self.alert
            button = message.delta.new_element.download_button
            if button.deferred_file_id:
                offered.append(button.deferred_file_id)
        raise AssertionError("the page never finished")

    async def fetch(self, file_id: str) -> tuple[str, str]:
        """Ask for a download; give its address, and what went wrong."""
        asked = BackMsg()
        asked.backend_operation_request.request_id = file_id
        asked.backend_operation_request.session_id = self._id
        asked.backend_operation_request.deferred_file.file_id = file_id
        await self._socket.send(asked.SerializeToString())
        async for message in self._messages():
            answer = message.backend_operation_response
            if answer.request_id == file_id:
                return answer.deferred_file.url, answer.error_msg
        raise AssertionError("the request was never answered")

    async def _messages(self):
        while True:
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(self._socket.recv(), PATIENCE))
            yield message


def test_a_download_runs_for_the_session_that_it_was_offered_to_and_is_never_stored(address: str) -> None:
    async def attack() -> tuple[tuple[str, str], tuple[str, str]]:
        async with Session(address) as own, Session(address) as other:
            offered = await own.open()
            await other.open()
            assert offered
            return await other.fetch(offered[-1]), await own.fetch(offered[-1])

    (stolen, refused), (given, error) = asyncio.run(attack())
    assert (stolen, refused) == ("", "Failed to generate file for download")
    assert error == ""
    with urlopen(f"{address}{given}") as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.read()
