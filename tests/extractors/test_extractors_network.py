"""How many connections are kept, and that none is lost."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack

from detente.settings import Http
from extractors.http import Web
from extractors.network import MOST_IDLE

LENGTH = 200_000  # bytes: more than any buffer on the way holds


class Hosts:
    """Web servers of one page each; `opened` and `open` count the connections to each port."""

    def __init__(self) -> None:
        self.opened: dict[int, int] = {}
        self.open: dict[int, int] = {}
        self.changed = asyncio.Condition()

    async def start(self, stack: AsyncExitStack) -> int:
        """Return the port of a further server, which runs as long as `stack` is open."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        await stack.enter_async_context(server)
        return int(server.sockets[0].getsockname()[1])

    async def closed(self, port: int) -> None:
        """Wait until no connection to a port is open."""
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(lambda: not self.open[port])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("sockname")[1]
        self.opened[port] = self.opened.get(port, 0) + 1
        self.open[port] = self.open.get(port, 0) + 1
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % LENGTH + b"x" * LENGTH)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            async with self.changed:
                self.open[port] -= 1
                self.changed.notify_all()


def run(work: Callable[[Hosts, AsyncExitStack, Web], Coroutine[None, None, None]]) -> None:
    async def all_of() -> None:
        async with AsyncExitStack() as stack, Web(Http(allow_private=("127.0.0.1",))) as web:
            await work(Hosts(), stack, web)

    asyncio.run(all_of())


def test_one_connection_serves_one_page_after_another() -> None:
    async def work(hosts: Hosts, stack: AsyncExitStack, web: Web) -> None:
        port = await hosts.start(stack)
        for _ in range(3):
            assert len((await web.get(f"http://127.0.0.1:{port}/", accept="*/*")).content) == LENGTH
        assert hosts.opened[port] == 1

    run(work)


def test_the_host_that_was_not_asked_for_longest_is_hung_up_on_and_answers_all_the_same() -> None:
    async def work(hosts: Hosts, stack: AsyncExitStack, web: Web) -> None:
        first, second, *others = [await hosts.start(stack) for _ in range(MOST_IDLE + 2)]
        for port in (first, second, first, *others):
            await web.get(f"http://127.0.0.1:{port}/", accept="*/*")
        await hosts.closed(second)
        assert sum(hosts.open.values()) == MOST_IDLE + 1  # the last one was busy when the others were counted
        assert (await web.get(f"http://127.0.0.1:{second}/", accept="*/*")).ok
        assert (hosts.opened[first], hosts.opened[second]) == (1, 2)

    run(work)


def test_no_answer_is_lost_while_many_connections_are_hung_up_on_at_once() -> None:
    async def work(hosts: Hosts, stack: AsyncExitStack, web: Web) -> None:
        ports = [await hosts.start(stack) for _ in range(3 * MOST_IDLE)]
        for asked in (ports, ports[:10], ports * 2):  # all are idle at once when the ten are asked
            answers = await asyncio.gather(*(web.get(f"http://127.0.0.1:{port}/", accept="*/*") for port in asked))
            assert [len(answer.content) for answer in answers] == [LENGTH] * len(asked)

    run(work)
