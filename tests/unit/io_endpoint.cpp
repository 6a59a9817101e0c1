#include "daemon/io/endpoint.hpp"

#include "daemon/io/interfaces.hpp"
#include "daemon/io/resolver.hpp"
#include "tests/unit/io_fixture.hpp"

#include <algorithm>

namespace p2pd::io {
namespace {

Endpoint at(std::string_view text) {
  const auto parsed = Endpoint::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(Endpoint());
}

TEST(Endpoint, ReadsAndWritesBothFamilies) {
  const Endpoint v4 = at("192.0.2.1:7440");
  EXPECT_FALSE(v4.v6());
  EXPECT_EQ(v4.port(), 7440);
  EXPECT_EQ(v4.host(), "192.0.2.1");
  EXPECT_EQ(v4.text(), "192.0.2.1:7440");
  EXPECT_EQ(v4.address().sa_family, AF_INET);

  const Endpoint v6 = at("[2001:DB8:0:0::1]:65535");
  EXPECT_TRUE(v6.v6());
  EXPECT_EQ(v6.port(), 65535);
  EXPECT_EQ(v6.host(), "2001:db8::1");
  EXPECT_EQ(v6.text(), "[2001:db8::1]:65535");
  EXPECT_EQ(at(v6.text()), v6);
  EXPECT_NE(v4, v6);
  EXPECT_NE(at("192.0.2.1:7440"), at("192.0.2.1:7441"));
}

TEST(Endpoint, RefusesWhatIsNoAddress) {
  for (const char* text :
       {"", ":", "7440", "192.0.2.1", "192.0.2.1:", "192.0.2.1:x", "192.0.2.1:65536", "192.0.2.1:0",
        "192.0.2.256:1", "host.example:7440", "localhost:1", "[2001:db8::1]", "2001:db8::1:7440",
        "[2001:db8::g]:1", "[192.0.2.1]:1", " 192.0.2.1:1", "192.0.2.1:1 "})
    EXPECT_FALSE(Endpoint::parse(text)) << text;
}

TEST(Endpoint, TakesNoNameForAnAddress) {
  EXPECT_FALSE(Endpoint::from({"host.example", 7440}));
  EXPECT_FALSE(Endpoint::from({"", 7440}));
  EXPECT_EQ(Endpoint::from({"::1", 0})->text(), "[::1]:0"); // to listen at
}

TEST(Endpoint, IsV4WhereV6MerelyWrapsIt) {
  const Endpoint wrapped = at("[::ffff:192.0.2.7]:80");
  EXPECT_FALSE(wrapped.v6());
  EXPECT_EQ(wrapped, at("192.0.2.7:80"));
  EXPECT_TRUE(at("[::ffff:127.0.0.1]:80").loopback());
}

TEST(Endpoint, KnowsTheSpecialAddresses) {
  EXPECT_TRUE(at("127.0.0.1:1").loopback());
  EXPECT_TRUE(at("127.255.3.4:1").loopback());
  EXPECT_TRUE(at("[::1]:1").loopback());
  EXPECT_FALSE(at("128.0.0.1:1").loopback());
  EXPECT_FALSE(at("[::2]:1").loopback());
  EXPECT_TRUE(Endpoint::from({"0.0.0.0", 1})->unspecified());
  EXPECT_TRUE(Endpoint::from({"::", 1})->unspecified());
  EXPECT_FALSE(at("127.0.0.1:1").unspecified());
  EXPECT_TRUE(at("169.254.9.9:1").link_local());
  EXPECT_TRUE(at("[fe80::1]:1").link_local());
  EXPECT_FALSE(at("169.253.9.9:1").link_local());
  EXPECT_FALSE(at("[2001:db8::1]:1").link_local());
}

TEST(Endpoint, UnsetIsNowhere) {
  const Endpoint none;
  EXPECT_EQ(none.port(), 0);
  EXPECT_FALSE(none.loopback());
  EXPECT_FALSE(none.link_local());
  EXPECT_NE(none, at("192.0.2.1:1"));
}

// Writes down the one answer.
struct Asker {
  explicit Asker(Loop& on) : loop(on), resolver(on, bind<&Asker::on_found>(this)) {}
  void on_found(std::vector<Endpoint> found, std::error_code code) {
    ++answers;
    endpoints = std::move(found);
    failure = code;
    then();
  }
  void wait() {
    EXPECT_TRUE(run_until(loop, [&] { return answers > 0; }));
  }

  Loop& loop;
  int answers = 0;
  std::vector<Endpoint> endpoints;
  std::error_code failure;
  std::function<void()> then = [] {};
  Resolver resolver;
};

TEST(Resolver, AnswersALiteralOnTheLoop) {
  Loop loop;
  Asker asker(loop);
  asker.resolver.look_up({"192.0.2.1", 7440});
  EXPECT_EQ(asker.answers, 0);
  EXPECT_TRUE(asker.resolver.running());
  asker.wait();
  EXPECT_EQ(asker.answers, 1);
  EXPECT_FALSE(asker.failure);
  EXPECT_EQ(asker.endpoints, std::vector{at("192.0.2.1:7440")});
  EXPECT_FALSE(asker.resolver.running());
}

TEST(Resolver, FindsTheAddressesOfAName) {
  Loop loop;
  Asker asker(loop);
  asker.resolver.look_up({"localhost", 7440});
  asker.wait();
  ASSERT_FALSE(asker.endpoints.empty()) << asker.failure.message();
  for (const Endpoint& endpoint : asker.endpoints) {
    EXPECT_TRUE(endpoint.loopback()) << endpoint.text();
    EXPECT_EQ(endpoint.port(), 7440);
  }
}

TEST(Resolver, SaysWhyThereIsNone) {
  Loop loop;
  Asker asker(loop);
  asker.resolver.look_up({std::string(64, 'x'), 7440}); // too long for a label: nobody is asked
  asker.wait();
  EXPECT_TRUE(asker.endpoints.empty());
  EXPECT_TRUE(asker.failure);
  EXPECT_FALSE(asker.failure.message().empty());
}

TEST(Resolver, AnswersOnlyTheLastQuestion) {
  Loop loop;
  Asker asker(loop);
  asker.resolver.look_up({"192.0.2.1", 1});
  asker.resolver.look_up({"192.0.2.2", 2});
  asker.wait();
  EXPECT_EQ(asker.endpoints, std::vector{at("192.0.2.2:2")});
  settle(loop);
  EXPECT_EQ(asker.answers, 1);
}

TEST(Resolver, IsSilentWhenCancelledOrGone) {
  Loop loop;
  Asker cancelled(loop);
  cancelled.resolver.look_up({"192.0.2.1", 1});
  cancelled.resolver.cancel();
  {
    Asker gone(loop);
    gone.then = [] { ADD_FAILURE(); };
    gone.resolver.look_up({"192.0.2.1", 1});
  }
  settle(loop);
  EXPECT_EQ(cancelled.answers, 0);
}

TEST(Resolver, MayBeDestroyedOrAskedAgainByItsAnswer) {
  Loop loop;
  auto asker = std::make_unique<Asker>(loop);
  asker->then = [&] {
    if (asker->answers == 2) return asker.reset();
    asker->resolver.look_up({"192.0.2.2", 2});
  };
  asker->resolver.look_up({"192.0.2.1", 1});
  EXPECT_TRUE(run_until(loop, [&] { return asker == nullptr; }));
}

TEST(InterfaceAddresses, HoldTheLoopbackWithThePort) {
  const std::vector<Endpoint> all = interface_addresses(7440).value();
  EXPECT_NE(std::find(all.begin(), all.end(), at("127.0.0.1:7440")), all.end());
  for (const Endpoint& endpoint : all) EXPECT_EQ(endpoint.port(), 7440) << endpoint.text();
}

TEST(Endpoint, BelongsToANetwork) {
  const auto network = [](std::string_view text) { return Endpoint::parse(text)->network(); };
  EXPECT_EQ(network("192.0.2.1:1"), network("192.0.2.1:2"));
  EXPECT_NE(network("192.0.2.1:1"), network("192.0.2.2:1"));
  EXPECT_EQ(network("[2001:db8:1:2::1]:1"), network("[2001:db8:1:2:ffff::9]:2"));
  EXPECT_NE(network("[2001:db8:1:2::1]:1"), network("[2001:db8:1:3::1]:1"));
  EXPECT_EQ(network("[::ffff:192.0.2.1]:1"), network("192.0.2.1:1"));
}

} // namespace
} // namespace p2pd::io
