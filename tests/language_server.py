"""A client of language servers, as an editor is one."""

import json
import queue
import subprocess
import threading

PATIENCE = 60


class LanguageServer:
    """A server over standard input and output, with an editor's settings and the folder that it has open."""

    def __init__(self, command, folder, settings):
        self.folder, self.settings, self.asked = folder, settings, 0
        self.answers, self.diagnostics = queue.Queue(), queue.Queue()
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        threading.Thread(target=self.listen, daemon=True).start()
        folders = [{"uri": folder.as_uri(), "name": folder.name}]
        capabilities = {"workspace": {"configuration": True}, "textDocument": {"publishDiagnostics": {}}}
        self.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "workspaceFolders": folders, "capabilities": capabilities})
        self.send({"method": "initialized", "params": {}})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def send(self, message):
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()

    def listen(self):
        while (headers := list(iter(lambda: self.process.stdout.readline().strip(), b""))):
            length = next(int(header.split(b":")[1]) for header in headers if header.lower().startswith(b"content-length"))
            message = json.loads(self.process.stdout.read(length))
            if "method" in message and "id" in message:
                self.send({"id": message["id"], "result": self.reply(message)})
            elif message.get("method") == "textDocument/publishDiagnostics":
                self.diagnostics.put(message["params"])
            elif "id" in message:
                self.answers.put(message)

    def reply(self, message):
        """What the server asks of the editor: settings, by their sections."""
        if message["method"] != "workspace/configuration":
            return None
        section = lambda item: {key.removeprefix(f"{item['section']}."): value for key, value in self.settings.items() if key.startswith(f"{item['section']}.")}
        return [section(item) for item in message["params"]["items"]]

    def ask(self, method, params):
        self.asked += 1
        self.send({"id": self.asked, "method": method, "params": params})
        while (message := self.answers.get(timeout=PATIENCE))["id"] != self.asked:
            pass
        assert "error" not in message, message
        return message["result"]

    def open(self, path, text):
        """Opens a file that need not be on disk; what is wrong with it, by line."""
        uri = (self.folder / path).as_uri()
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}})
        while (told := self.diagnostics.get(timeout=PATIENCE))["uri"] != uri:
            pass
        return [(one["range"]["start"]["line"] + 1, one["message"]) for one in told["diagnostics"]]

    def at(self, path, line, column):
        return {"textDocument": {"uri": (self.folder / path).as_uri()}, "position": {"line": line - 1, "character": column - 1}}

    def completions(self, path, line, column):
        """What it proposes at a place, with what each means."""
        proposed = self.ask("textDocument/completion", self.at(path, line, column))
        return {item["label"]: item.get("documentation", "") for item in proposed["items"]}

    def hover(self, path, line, column):
        """What it tells of the word at a place."""
        return self.ask("textDocument/hover", self.at(path, line, column))["contents"]["value"]
