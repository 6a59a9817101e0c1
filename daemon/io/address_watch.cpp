#include "daemon/io/address_watch.hpp"

#include <array>
#include <cerrno>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

namespace p2pd::io {

namespace {

// Another address often follows within moments, such as the new one of a DHCP lease the old one.
constexpr milliseconds together{100};

// -1: there is none.
int subscribe() {
  const int socket = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  sockaddr_nl groups{};
  groups.nl_family = AF_NETLINK;
  groups.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
  if (socket >= 0 && ::bind(socket, reinterpret_cast<const sockaddr*>(&groups), sizeof groups) == 0)
    return socket;
  if (socket >= 0) ::close(socket);
  return -1;
}

} // namespace

AddressWatch::AddressWatch(Loop& loop, Bound<void()> changed)
    : changed_(changed), socket_(subscribe()), settle_(loop, changed_) {
  if (socket_ >= 0) poll_.emplace(loop, socket_, bind<&AddressWatch::on_readable>(this));
}

AddressWatch::~AddressWatch() {
  stop();
}

void AddressWatch::stop() {
  settle_.stop();
  poll_.reset();
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

// What it says does not matter, nor whether some of it was lost (ENOBUFS): who is called looks.
void AddressWatch::on_readable() {
  std::array<char, 8192> message;
  while (::recv(socket_, message.data(), message.size(), 0) >= 0 || errno == ENOBUFS) {
  }
  if (!settle_.active()) settle_.once(together);
}

} // namespace p2pd::io
