"""nginx and curl: a file over HTTP, which nobody encrypts and nobody verifies. Sent in two ways: as
nginx is usually set up, and as it is fastest over loopback, where a receiver copies faster from
buffers that the sender's core has just filled than from the pages of a file."""

import getpass

from contestant import ServerContestant


class Nginx(ServerContestant):
    name = "nginx + curl, sendfile"
    sending = "sendfile on; tcp_nopush on;"
    packages = {"nginx-light": "nginx", "curl": "curl"}

    def set_up(self):
        config = self.home / "nginx.conf"
        config.write_text(
            f"daemon off; pid {self.home}/pid; error_log {self.home}/log;\n"
            f"user {getpass.getuser()}; worker_processes auto;\n"
            "events { worker_connections 256; }\n"
            f"http {{ access_log off; {self.sending}\n"
            f"  client_body_temp_path {self.home}/b; proxy_temp_path {self.home}/p;\n"
            f"  fastcgi_temp_path {self.home}/f; uwsgi_temp_path {self.home}/u;\n"
            f"  scgi_temp_path {self.home}/s;\n"
            f"  server {{ listen 127.0.0.1:{self.port}; root {self.task.content.parent}; }} }}\n"
        )
        log = self.home / "log"
        self.serve("nginx", "-e", log, "-c", config, "-p", self.home)

    def act(self):
        url = f"http://127.0.0.1:{self.port}/{self.task.content.name}"
        self.run_clients(["curl", "-sSf", "-o", copy, url] for copy in self.copies())

    def clear(self):
        for copy in self.copies():
            copy.unlink()

    def close(self):
        """Asked to end, as its workers outlive a master that is killed."""
        for process in self._running:
            process.terminate()
            process.wait()


class NginxBuffers(Nginx):
    name = "nginx + curl, buffers"
    sending = "sendfile off; output_buffers 2 256k;"
