#include "daemon/io/datagrams.hpp"
#include "tests/unit/io_fixture.hpp"

namespace p2pd::io {
namespace {

class DatagramsTest : public testing::Test {
 public:
  void on_packet(Datagrams::Packet packet, const Endpoint& from) {
    packets.emplace_back(packet.begin(), packet.end());
    sender = from;
  }
  DatagramsTest* self() { return this; }

  Loop loop;
  std::vector<std::string> packets;
  Endpoint sender;
};

constexpr std::uint16_t port = 27440; // of the loopback alone

TEST_F(DatagramsTest, ArriveAtAllWhoListenThere) {
  const Endpoint all = *Endpoint::parse("127.255.255.255:" + std::to_string(port));
  const Datagrams::Received received = bind<&DatagramsTest::on_packet>(self());
  Datagrams one(loop, all, received);
  Datagrams two(loop, all, received);
  Datagrams out(loop, false);
  const std::string text = "packet";
  out.send({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, all);
  EXPECT_TRUE(run_until(loop, [&] { return packets.size() == 2; }));
  EXPECT_EQ(packets, (std::vector<std::string>{text, text}));
  EXPECT_TRUE(sender.loopback());
}

TEST_F(DatagramsTest, OneThatIsTooLongIsDropped) {
  const Endpoint here = *Endpoint::parse("127.0.0.1:" + std::to_string(port + 1));
  const Datagrams::Received received = bind<&DatagramsTest::on_packet>(self());
  Datagrams in(loop, here, received);
  Datagrams out(loop, false);
  const std::vector<std::uint8_t> too_long(5000);
  out.send(too_long, here);
  out.send(std::span(too_long).first(3), here);
  EXPECT_TRUE(run_until(loop, [&] { return !packets.empty(); }));
  EXPECT_EQ(packets.front().size(), 3U);
}

TEST(Neighbourhoods, AreNotOfTheLoopback) {
  for (const Neighbourhood& around : neighbourhoods(7440)) {
    EXPECT_FALSE(around.own.loopback());
    EXPECT_EQ(around.all.port(), 7440);
    EXPECT_EQ(around.all.v6(), around.own.v6());
  }
}

} // namespace
} // namespace p2pd::io
