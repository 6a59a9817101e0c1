#include "daemon/io/socket.hpp"

#include "daemon/io/error.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

namespace p2pd::io {

namespace {

int attempt(int socket, const Endpoint& at) {
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (at.v6()) ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  const socklen_t size = at.v6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  if (::bind(socket, &at.address(), size) != 0 || ::listen(socket, SOMAXCONN) != 0) return -errno;
  return 0;
}

} // namespace

int listening_socket(const Endpoint& at) {
  const int family = at.v6() ? AF_INET6 : AF_INET;
  const int socket = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  require(socket < 0 ? -errno : 0, "socket");
  const int status = attempt(socket, at);
  if (status != 0) ::close(socket);
  require(status, "listen");
  return socket;
}

Endpoint local_endpoint(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  return Endpoint(reinterpret_cast<const sockaddr&>(storage));
}

} // namespace p2pd::io
