// Which of the addresses that others told may be dialled.
#include "daemon/net/dial_ledger.hpp"

#include <gtest/gtest.h>

namespace p2pd::net {
namespace {

using namespace std::chrono_literals;
using Answer = DialLedger::Answer;
using Ended = DialLedger::Outcome;

constexpr std::uint64_t teller = 1, another = 2;

class NetDialLedger : public testing::Test {
 protected:
  static io::Endpoint at(int host, int port = 7440) {
    return *io::Endpoint::parse("192.0.2." + std::to_string(host) + ":" + std::to_string(port));
  }
  void attempt(const io::Endpoint& to, Ended ended) {
    ledger.began(to, teller, now);
    ledger.ended(to, teller, ended, now);
  }
  Answer ask(const io::Endpoint& to, std::uint64_t by = teller) const {
    return ledger.may_dial(to, by, now);
  }
  // How long it is left alone.
  io::Clock::duration pause(const io::Endpoint& to) {
    const io::Time begin = now;
    while (ask(to) == Answer::later) now += 100ms;
    return now - begin;
  }

  io::Time now = io::Time() + 1h;
  DialLedger ledger;
};

TEST_F(NetDialLedger, WhereNobodyIsItWaitsLongerEachTime) {
  attempt(at(1), Ended::silent);
  EXPECT_EQ(ask(at(2)), Answer::yes);
  EXPECT_EQ(pause(at(1)), DialLedger::first_silence);
  attempt(at(1), Ended::silent);
  EXPECT_EQ(pause(at(1)), 2 * DialLedger::first_silence);
  for (int i = 0; i < 20; ++i) attempt(at(1), Ended::silent);
  EXPECT_EQ(pause(at(1)), DialLedger::longest_silence);
}

TEST_F(NetDialLedger, WhatIsNoMemberIsLeftAloneForMinutes) {
  for (int i = 0; i < 20; ++i) attempt(at(1), Ended::stranger);
  EXPECT_EQ(pause(at(1)), DialLedger::longest_strangeness);
}

TEST_F(NetDialLedger, OneThatIsReachedIsForgiven) {
  for (int i = 0; i < 20; ++i) attempt(at(1), Ended::silent);
  attempt(at(1), Ended::reached);
  EXPECT_EQ(ask(at(1)), Answer::yes);
  attempt(at(1), Ended::silent);
  EXPECT_EQ(pause(at(1)), DialLedger::first_silence);
}

// Else a lie about an address would keep its holder from being dialled.
TEST_F(NetDialLedger, AnotherMemberThereIsNoReason) {
  for (int i = 0; i < 20; ++i) attempt(at(1), Ended::other);
  EXPECT_EQ(ask(at(1)), Answer::yes);
}

TEST_F(NetDialLedger, WhoTellsOfMuchAtOneAddressIsHeardNoMore) {
  for (int port = 1; port <= DialLedger::most_at_one; ++port) attempt(at(1, port), Ended::stranger);
  EXPECT_EQ(ask(at(1, 999)), Answer::at_one);
  EXPECT_EQ(ask(at(1, 999), another), Answer::yes) << "who told of less is";
  EXPECT_EQ(ask(at(2)), Answer::yes);
  now += DialLedger::at_one;
  EXPECT_EQ(ask(at(1, 999)), Answer::yes);
}

TEST_F(NetDialLedger, WhoTellsOfMuchAtManyIsHeardNoMore) {
  for (int host = 1; host <= DialLedger::most_of_one; ++host) attempt(at(host), Ended::silent);
  EXPECT_EQ(ask(at(200)), Answer::too_many);
  EXPECT_EQ(ask(at(200), another), Answer::yes);
  now += DialLedger::of_one;
  EXPECT_EQ(ask(at(200)), Answer::yes);
}

TEST_F(NetDialLedger, WhoTellsTheTruthIsHeardOn) {
  for (int i = 0; i < 2000; ++i) attempt(at(i % 250, 1 + i), Ended::reached);
  for (int i = 0; i < 2000; ++i) attempt(at(i % 250, 1 + i), Ended::withdrawn);
  EXPECT_EQ(ask(at(1)), Answer::yes);
}

TEST_F(NetDialLedger, ItRemembersSoMuchAlone) {
  for (int i = 0; i < 200'000; ++i) {
    attempt(at(i % 250, 1 + i / 250), Ended::silent);
    now += 1ms;
  }
  EXPECT_EQ(ask(at(199'999 % 250, 1 + 199'999 / 250), another), Answer::later);
}

} // namespace
} // namespace p2pd::net
