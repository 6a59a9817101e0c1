#include "tests/bench/tracker/announce_udp.hpp"

#include "daemon/io/loop.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

namespace {

constexpr std::size_t window = 128; // packets under way; the kernel's default buffers hold 256
constexpr std::size_t ports = 256;  // of different peers, all at one address
constexpr std::uint64_t magic = 0x41727101980;

enum class Action : std::uint32_t { connect = 0, announce = 1 };

using Packet = std::array<std::uint8_t, 98>;

template <std::unsigned_integral T>
void put(std::uint8_t* at, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i)
    at[i] = static_cast<std::uint8_t>(value >> 8 * (sizeof value - 1 - i));
}

// | connection, 8 | action, 4 | transaction, 4 | info hash, 20 | peer id, 20 | downloaded, 8 |
// | left, 8 | uploaded, 8 | event, 4 | address, 4 | key, 4 | wanted, 4 | port, 2 |
Packet announcement(std::size_t number, const std::uint8_t* connection) {
  Packet packet{};
  std::copy_n(connection, 8, packet.begin());
  put(&packet[8], static_cast<std::uint32_t>(Action::announce));
  put(&packet[12], static_cast<std::uint32_t>(number));
  std::fill_n(&packet[16], 20, static_cast<std::uint8_t>(number / 2)); // of 256 hashes
  const bool stopped = number % 2 == 1; // as the members of p2pd's load publish and withdraw
  put(&packet[80], std::uint32_t{stopped ? 3U : 2U});
  put(&packet[96], static_cast<std::uint16_t>(10'000 + number / 2 % ports)); // wanted: 0 peers
  return packet;
}

class Socket {
 public:
  explicit Socket(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{0, 100'000};
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) < 0 ||
        ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0)
      throw std::runtime_error("no socket for the BitTorrent tracker");
  }
  ~Socket() { ::close(descriptor_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

} // namespace

std::uint64_t announce_udp(std::uint16_t port, double seconds) {
  const Socket socket(port);
  Packet hello{};
  put(&hello[0], magic);
  Packet answer{};
  ::send(socket.descriptor(), hello.data(), 16, 0);
  if (::recv(socket.descriptor(), answer.data(), answer.size(), 0) != 16)
    throw std::runtime_error("the BitTorrent tracker does not answer");

  // Made beforehand, as the batches of p2pd's members are.
  std::vector<Packet> packets;
  for (std::size_t i = 0; i < 2 * ports * 16; ++i) packets.push_back(announcement(i, &answer[8]));
  std::array<Packet, window> answers;
  std::array<iovec, window> out{}, in{};
  std::array<mmsghdr, window> sending{}, receiving{};
  for (std::size_t i = 0; i < window; ++i) {
    in[i] = {answers[i].data(), answers[i].size()};
    sending[i].msg_hdr.msg_iov = &out[i];
    receiving[i].msg_hdr.msg_iov = &in[i];
    sending[i].msg_hdr.msg_iovlen = receiving[i].msg_hdr.msg_iovlen = 1;
  }
  std::uint64_t count = 0;
  std::size_t free = window;
  std::size_t next = 0;
  const auto end = p2pd::io::Clock::now() + std::chrono::duration<double>(seconds);
  while (p2pd::io::Clock::now() < end) {
    for (std::size_t i = 0; i < free; ++i, ++next)
      out[i] = {packets[next % packets.size()].data(), sizeof(Packet)};
    ::sendmmsg(socket.descriptor(), sending.data(), static_cast<unsigned>(free), 0);
    const int came =
        ::recvmmsg(socket.descriptor(), receiving.data(), window, MSG_WAITFORONE, nullptr);
    free = came > 0 ? static_cast<std::size_t>(came) : window; // lost: all of them anew
    count += came > 0 ? free : 0;
  }
  return count;
}

} // namespace bench
