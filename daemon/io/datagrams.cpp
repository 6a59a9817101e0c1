#include "daemon/io/datagrams.hpp"

#include "daemon/io/error.hpp"

namespace p2pd::io {

namespace {

std::optional<Endpoint> all_around(const uv_interface_address_t& interface, std::uint16_t port) {
  if (interface.address.address6.sin6_family == AF_INET) {
    sockaddr_in all = interface.address.address4;
    all.sin_addr.s_addr |= ~interface.netmask.netmask4.sin_addr.s_addr;
    all.sin_port = htons(port);
    return Endpoint(reinterpret_cast<const sockaddr&>(all));
  }
  sockaddr_in6 all = interface.address.address6;
  if (!IN6_IS_ADDR_LINKLOCAL(&all.sin6_addr)) return std::nullopt; // each interface has one such
  uv_ip6_addr("ff02::1", port, &all);
  all.sin6_scope_id = interface.address.address6.sin6_scope_id;
  return Endpoint(reinterpret_cast<const sockaddr&>(all));
}

} // namespace

Datagrams::Datagrams(Loop& loop, bool v6) : handle_(new uv_udp_t) {
  open(loop, *Endpoint::from({v6 ? "::" : "0.0.0.0", 0}), 0);
  require(uv_udp_set_broadcast(handle_.get(), 1), "broadcast");
}

Datagrams::Datagrams(Loop& loop, const Endpoint& at, Received received)
    : received_(received), handle_(new uv_udp_t) {
  open(loop, at, UV_UDP_REUSEADDR);
  require(uv_udp_recv_start(
              handle_.get(),
              [](uv_handle_t* handle, std::size_t, uv_buf_t* space) noexcept {
                auto& buffer = static_cast<Datagrams*>(handle->data)->buffer_;
                *space = uv_buf_init(buffer.data(), buffer.size());
              },
              [](uv_udp_t* handle, ssize_t size, const uv_buf_t* data, const sockaddr* from,
                 unsigned flags) noexcept {
                auto* const self = static_cast<Datagrams*>(handle->data);
                if (self == nullptr || size <= 0 || (flags & UV_UDP_PARTIAL) != 0) return;
                const auto* const bytes = reinterpret_cast<const std::uint8_t*>(data->base);
                (*self->received_)({bytes, static_cast<std::size_t>(size)}, Endpoint(*from));
              }),
          "receive");
}

void Datagrams::open(Loop& loop, const Endpoint& at, unsigned flags) {
  require(uv_udp_init(loop.handle(), handle_.get()), "socket");
  handle_->data = this;
  uv_unref(reinterpret_cast<uv_handle_t*>(handle_.get())); // it keeps no loop alive by itself
  require(uv_udp_bind(handle_.get(), &at.address(), at.v6() ? flags | UV_UDP_IPV6ONLY : flags),
          "bind");
}

void Datagrams::send(Packet packet, const Endpoint& to) {
  // libuv only reads from what it sends, its type merely lacks the const.
  char* const bytes = reinterpret_cast<char*>(const_cast<std::uint8_t*>(packet.data()));
  const uv_buf_t buffer = uv_buf_init(bytes, static_cast<unsigned>(packet.size()));
  uv_udp_try_send(handle_.get(), &buffer, 1, &to.address());
}

std::vector<Neighbourhood> neighbourhoods(std::uint16_t port) {
  std::vector<Neighbourhood> found;
  uv_interface_address_t* list = nullptr;
  int count = 0;
  if (uv_interface_addresses(&list, &count) < 0) return found;
  for (int i = 0; i < count; ++i) {
    if (list[i].is_internal != 0) continue;
    if (const auto all = all_around(list[i], port))
      found.push_back(
          {Endpoint(reinterpret_cast<const sockaddr&>(list[i].address.address6)), *all});
  }
  uv_free_interface_addresses(list, count);
  return found;
}

} // namespace p2pd::io
