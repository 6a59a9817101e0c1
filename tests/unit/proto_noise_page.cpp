// The example of a link in p2p-protocol(7). What stands there was made by another implementation,
// Dissononce 0.34.
#include "proto/frame.hpp"
#include "proto/message.hpp"
#include "proto_noise_fixture.hpp"

#include <fstream>
#include <iterator>

namespace p2pd::proto::noise {
namespace {

// The digits and letters of the page, one behind the other.
std::string page() {
  std::ifstream file(P2PD_SOURCE_ROOT "/man/p2p-protocol.7.scd");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  std::erase_if(text, [](unsigned char c) { return std::isspace(c) != 0; });
  return text;
}

std::string record(View content) {
  const Bytes length{static_cast<std::uint8_t>(content.size() >> 8),
                     static_cast<std::uint8_t>(content.size())};
  return hex(length) + hex(content);
}

TEST(NoisePage, ShowsTheRecordsOfALink) {
  const Ends ends;
  Handshake initiator = ends.initiator(), responder = ends.responder();
  std::string records;
  for (int i = 0; i < 3; ++i) {
    Handshake& writer = i % 2 == 0 ? initiator : responder;
    const Bytes message = written(writer);
    ASSERT_TRUE(read(i % 2 == 0 ? responder : initiator, message));
    records += record(message);
  }
  Bytes frame;
  encode_frame(Ping{0x0102030405060708}, frame);
  Bytes sealed(frame.size() + tag_size);
  ASSERT_TRUE(initiator.split().send.seal(sealed, frame));
  EXPECT_NE(page().find(records + record(sealed)), std::string::npos);
}

} // namespace
} // namespace p2pd::proto::noise
