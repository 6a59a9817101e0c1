#include "daemon/io/socket.hpp"

#include "daemon/io/error.hpp"

#include <algorithm>
#include <cerrno>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace p2pd::io {

namespace {

constexpr int tcp_rto_max_ms = 44; // TCP_RTO_MAX_MS of linux/tcp.h, newer than Debian's headers
constexpr unsigned give_up_ms = 300'000;
constexpr std::string_view unpaced = "reno";

// What sockets of this system have by themselves.
std::string control_of(int socket) {
  char name[16] = ""; // TCP_CA_NAME_MAX
  socklen_t size = sizeof name;
  ::getsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, name, &size);
  return {name, ::strnlen(name, sizeof name)};
}

// Where the kernel says no, the connection keeps what it has.
void set_control(int socket, std::string_view name) {
  ::setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, name.data(),
               static_cast<socklen_t>(name.size()));
}

int attempt(int socket, const Endpoint& at) {
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (at.v6()) ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (at.v6())
    ::setsockopt(socket, IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof on);
  else
    ::setsockopt(socket, IPPROTO_IP, IP_FREEBIND, &on, sizeof on);
  const socklen_t size = at.v6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  if (::bind(socket, &at.address(), size) != 0 || ::listen(socket, SOMAXCONN) != 0) return -errno;
  return 0;
}

} // namespace

int tcp_socket(const Endpoint& to) {
  const int family = to.v6() ? AF_INET6 : AF_INET;
  const int socket = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return -errno;
  set_control(socket, unpaced);
  return socket;
}

void use_default_control(int socket) {
  static const std::string system_default = [] {
    const int fresh = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::string name = control_of(fresh);
    ::close(fresh);
    return name;
  }();
  set_control(socket, system_default);
}

void bound_retransmission(int socket, std::chrono::milliseconds longest) {
  constexpr std::chrono::milliseconds least{1000}, most{120'000}; // as the kernel has them
  const int bound = static_cast<int>(std::clamp(longest, least, most).count());
  if (::setsockopt(socket, IPPROTO_TCP, tcp_rto_max_ms, &bound, sizeof bound) != 0) return;
  ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &give_up_ms, sizeof give_up_ms);
}

void limit_segments(int socket, int bytes) {
  ::setsockopt(socket, IPPROTO_TCP, TCP_MAXSEG, &bytes, sizeof bytes);
}

PathInfo path_info(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
  return {info.tcpi_unacked, info.tcpi_backoff, std::chrono::milliseconds(info.tcpi_last_data_recv),
          std::chrono::milliseconds(info.tcpi_last_ack_recv)};
}

int listening_socket(const Endpoint& at) {
  const int socket = tcp_socket(at);
  require(std::min(socket, 0), "socket");
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
