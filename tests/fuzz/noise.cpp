// What any stranger with a socket may send. Every key is known here, so there is one right message
// at each point of a link, and whatever differs from it must be refused.
//
//   input:  | stage, 1 | message |      stage 0 to 2: handshake message 1 to 3; 3: a record
#include "tests/fuzz/target.hpp"

#include "proto/noise.hpp"

#include <algorithm>
#include <sodium.h>

namespace p2pd::proto::noise {

struct HandshakeForTests {
  static Handshake make(Role role, std::uint8_t identity, std::uint8_t ephemeral) {
    PrivateKey own, fresh;
    own.bytes.fill(identity);
    fresh.bytes.fill(ephemeral);
    Psk psk;
    psk.bytes.fill(0x55);
    return Handshake(xxpsk0, role, key_pair_from(own), key_pair_from(fresh), psk, view("p2pd/1"));
  }
};

namespace {

using fuzz::require;

// The two ends of a link, at any point of the handshake.
struct Link {
  Handshake initiator = HandshakeForTests::make(Role::initiator, 0x11, 0x22);
  Handshake responder = HandshakeForTests::make(Role::responder, 0x33, 0x44);

  Handshake& writer(std::size_t stage) { return stage % 2 == 0 ? initiator : responder; }
  Handshake& reader(std::size_t stage) { return stage % 2 == 0 ? responder : initiator; }

  Bytes write(std::size_t stage) {
    std::array<std::uint8_t, max_handshake_message> out;
    const auto size = writer(stage).write_message({}, out);
    require(size.has_value());
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(*size)};
  }
  void run(std::size_t stages) {
    for (std::size_t stage = 0; stage < stages; ++stage)
      require(reader(stage).read_message(write(stage), {}).has_value());
  }
};

void read_handshake(std::size_t stage, View message) {
  Link link;
  link.run(stage);
  const Bytes right = link.write(stage);
  const bool same = std::equal(right.begin(), right.end(), message.begin(), message.end());
  Handshake& reader = link.reader(stage);
  require(reader.read_message(message, {}).has_value() == same);
  require(reader.failed() == !same);
  if (!same) require(!reader.remote_static() && !reader.remote_ephemeral());
}

void read_record(View sealed) {
  Link link;
  link.run(3);
  CipherPair sender = link.initiator.split();
  CipherPair receiver = link.responder.split();
  Bytes right(11 + tag_size);
  require(sender.send.seal(right, view("hello world")));
  const bool same = std::equal(right.begin(), right.end(), sealed.begin(), sealed.end());
  Bytes plaintext(sealed.size() < tag_size ? 0 : sealed.size() - tag_size);
  require(receiver.receive.open(plaintext, sealed) == same);
  if (same) require(text(plaintext) == "hello world");
}

} // namespace
} // namespace p2pd::proto::noise

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int ready = sodium_init();
  p2pd::fuzz::require(ready >= 0);
  if (size == 0) return 0;
  const p2pd::proto::View message(data + 1, size - 1);
  if (const std::size_t stage = data[0] % 4; stage < 3)
    p2pd::proto::noise::read_handshake(stage, message);
  else
    p2pd::proto::noise::read_record(message);
  return 0;
}
