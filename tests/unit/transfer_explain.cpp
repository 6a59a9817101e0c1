#include "daemon/transfer/situation.hpp"

#include <gtest/gtest.h>

namespace p2pd::transfer {
namespace {

using namespace std::chrono_literals;

using Kinds = std::vector<std::string_view>;

Kinds kinds_of(const Reasons& reasons) {
  Kinds kinds;
  for (const Reason& reason : reasons) kinds.push_back(reason.kind);
  return kinds;
}

download::TrackerSituation tracker(bool connected, const std::string& cause = "") {
  return {.address = "t.example:7440",
          .port = 7440,
          .connected = connected,
          .cause = cause,
          .tried = {}};
}

// A transfer that runs, with a tracker and these sources.
Situation running(std::vector<download::SourceSituation> sources) {
  Situation situation;
  situation.id = 3;
  situation.stage = Stage::fetch;
  situation.rate = 5000;
  situation.supply.trackers = {tracker(true)};
  situation.supply.told = sources.size();
  situation.supply.sources = std::move(sources);
  return situation;
}

download::SourceSituation connected(const std::string& name) {
  download::SourceSituation source;
  source.name = name;
  source.connected = source.offers = true;
  return source;
}

download::SourceSituation absent(const std::string& name, net::Attempts tried) {
  download::SourceSituation source;
  source.name = name;
  source.tried = std::move(tried);
  source.cause = source.tried.empty() ? "" : source.tried.back().error;
  source.may_call_back = true;
  return source;
}

TEST(Explain, WhatRunsHasNoReason) {
  const Reasons reasons = explain(running({connected("anna")}));
  ASSERT_EQ(kinds_of(reasons), Kinds{"none"});
  EXPECT_EQ(reasons[0].cause, "nothing: it runs at 5 kB/s from 1 source");
}

TEST(Explain, FailedAndPausedAndFinishing) {
  Situation situation = running({connected("anna")});
  situation.stage = Stage::finish;
  EXPECT_EQ(kinds_of(explain(situation)), Kinds{"disk"});
  situation.state = TransferState::paused;
  EXPECT_EQ(explain(situation)[0].remedy, "p2pctl resume 3 lets it go on");
  situation.failure = {proto::ExitCode::failed, "the disk is full", "free some space"};
  EXPECT_EQ(explain(situation)[0].cause, "the disk is full");
}

TEST(Explain, EveryStageBeforeTheFirstChunkHasItsReason) {
  Situation situation = running({});
  situation.stage = Stage::locate;
  situation.supply.told.reset();
  EXPECT_EQ(kinds_of(explain(situation)), Kinds{"locating"});
  situation.supply.told = 0;
  EXPECT_EQ(kinds_of(explain(situation)), Kinds{"nobody"});
  situation = running({absent("bert", {})});
  EXPECT_EQ(explain(situation)[0].cause, "it is connecting to the source bert");
  download::SourceSituation bert = connected("bert");
  bert.offers = false;
  EXPECT_EQ(kinds_of(explain(running({bert}))), Kinds{"asking"});

  bert.offers = true;
  bert.manifest = {.waited = 4s, .size = 0, .received = 0};
  EXPECT_EQ(explain(running({bert}))[0].cause,
            "the manifest is awaited from bert for 4 s, which has not answered yet");
  bert.manifest->size = 60 << 20;
  EXPECT_EQ(
      explain(running({bert}))[0].cause,
      "the manifest is awaited from bert for 4 s: it has announced 61440 KiB and sent nothing; "
      "it serves others first");
  bert.manifest->received = 3 << 20;
  EXPECT_EQ(explain(running({bert}))[0].cause,
            "the manifest is awaited from bert for 4 s: 3072 of 61440 KiB have come");
  bert.manifest = download::ManifestSituation{.silent = 3, .rests = 9500ms};
  EXPECT_EQ(
      explain(running({bert}))[0].cause,
      "bert was asked for the manifest 3 times and has sent nothing; it is asked again in 10 s");
  situation = running({connected("bert")});
  situation.supply.checking = true;
  EXPECT_EQ(explain(situation)[0].cause, "the manifest has come and is being verified");
}

TEST(Explain, WhoIsTooSlowAndWhoHoldsTheMemory) {
  download::SourceSituation bert = connected("bert");
  bert.offers = true;
  bert.rate = 40'000;
  bert.outrun = 4500ms;
  EXPECT_EQ(explain(running({bert}))[0].cause,
            "the source bert sends 40 kB/s, so others were asked for its chunks; it is asked again "
            "in 5 s");
  bert.outrun = {};
  bert.held = 2 << 20;
  download::SourceSituation carl = connected("carl");
  carl.held = 1 << 20;
  Situation situation = running({bert, carl});
  situation.supply.no_memory = true;
  EXPECT_EQ(explain(situation)[0].cause,
            "all payload buffers are in use; 3072 KiB of them wait for slow sources, 2048 KiB for "
            "bert, which sends 40 kB/s");
}

TEST(Explain, NoPlaceAmongTheFetches) {
  Situation situation = running({});
  situation.stage = Stage::prepare;
  situation.turn = 112;
  const Reasons reasons = explain(situation);
  ASSERT_EQ(reasons.size(), 1U);
  EXPECT_EQ(reasons[0].kind, "descriptors");
  EXPECT_NE(reasons[0].cause.find("no more than 112 fetches"), std::string::npos);
  EXPECT_NE(reasons[0].remedy.find("LimitNOFILE"), std::string::npos);
}

TEST(Explain, NoTrackerIsConnected) {
  Situation situation = running({});
  situation.supply.told.reset();
  situation.supply.trackers = {tracker(false, "connection refused")};
  EXPECT_EQ(kinds_of(explain(situation)), Kinds{"tracker"});
  EXPECT_EQ(explain(situation)[0].cause,
            "the tracker t.example:7440 is not connected: connection refused");
  situation.supply.trackers[0].tried = {{"t.example:7440", "temporary failure", {}, true}};
  EXPECT_EQ(kinds_of(explain(situation)), Kinds{"dns"});
  situation.supply.trackers[0] =
      tracker(false, "another machine at 10.1.0.2 uses this node's identity");
  situation.supply.trackers[0].cloned = true;
  EXPECT_EQ(kinds_of(explain(situation)), Kinds{"identity"});
  EXPECT_NE(explain(situation)[0].remedy.find("remove identity.key"), std::string::npos);
  situation.supply.trackers.clear();
  EXPECT_EQ(explain(situation)[0].cause, "this peer knows no tracker");
}

TEST(Explain, EveryAddressIsToldWithItsError) {
  const Reasons reasons =
      explain(running({absent("bert", {{"192.168.0.2:7440", "no answer in time", {}, false},
                                       {"203.0.113.7:7440", "connection refused", {}, false}})}));
  ASSERT_EQ(kinds_of(reasons), Kinds{"nat"});
  EXPECT_NE(reasons[0].cause.find("bert at 192.168.0.2:7440 (no answer in time), 203.0.113.7:7440 "
                                  "(connection refused)"),
            std::string::npos);
  EXPECT_NE(reasons[0].remedy.find("port forwarding"), std::string::npos);
}

const proto::PeerId another{{7}};

TEST(Explain, WhereAnotherNodeAnswersNatIsNotToBlame) {
  EXPECT_EQ(kinds_of(explain(running(
                {absent("bert", {{"192.168.0.2:7440", "it has another key", another, false}})}))),
            Kinds{"unreachable"});
}

TEST(Explain, WhoEndsTheLinkIsNoFirewall) {
  download::SourceSituation bert =
      absent("bert", {{"192.168.0.2:7440", "it said goodbye", another, false}});
  bert.id = another;
  EXPECT_EQ(kinds_of(explain(running({bert}))), Kinds{"refused"});
  bert.banned = true;
  EXPECT_EQ(kinds_of(explain(running({bert}))), Kinds{"banned"});
}

TEST(Explain, WithoutATrackerNobodyCallsBack) {
  download::SourceSituation bert =
      absent("bert", {{"192.168.0.2:7440", "no answer in time", {}, false}});
  bert.may_call_back = false;
  Situation situation = running({bert});
  situation.supply.trackers[0].connected = false;
  EXPECT_EQ(kinds_of(explain(situation)), (Kinds{"tracker", "unreachable"}));
}

TEST(Explain, ANameWithoutAnAddressIsAMatterOfDns) {
  EXPECT_EQ(kinds_of(explain(running({absent("bert", {{"bert:7440", "unknown name", {}, true}})}))),
            Kinds{"dns"});
}

TEST(Explain, OneThatSentWrongBytesIsNotDialled) {
  download::SourceSituation bert = absent("bert", {});
  bert.distrusted = true;
  EXPECT_EQ(kinds_of(explain(running({bert}))), Kinds{"distrusted"});
}

TEST(Explain, TheWorstOfSeveralComesFirst) {
  Situation situation =
      running({connected("anna"), absent("bert", {{"b:1", "refused", {}, false}})});
  EXPECT_EQ(kinds_of(explain(situation)), (Kinds{"none", "nat"})) << "it runs without bert";
  situation.supply.nowhere = 3;
  situation.supply.example = 17;
  situation.supply.limited = true;
  EXPECT_EQ(explain(situation)[0].cause, "no source has chunk 17 and 2 others");
  EXPECT_EQ(kinds_of(explain(situation)), (Kinds{"missing", "limit", "nat"}));
}

TEST(Explain, TellsWhichLimitIsReached) {
  Situation situation = running({connected("anna")});
  situation.supply.far_limited = true;
  const Reasons reasons = explain(situation);
  ASSERT_EQ(kinds_of(reasons), Kinds{"limit"});
  EXPECT_EQ(reasons[0].remedy, "p2pctl limit --between-sites 0 takes it away");
}

TEST(Explain, AChunkThatTricklesIn) {
  download::SourceSituation bert = connected("bert");
  bert.chunk = {.index = 17, .waited = 20s, .size = 512 << 10, .received = 40 << 10};
  const Reasons reasons = explain(running({bert}));
  ASSERT_EQ(kinds_of(reasons), Kinds{"chunk"});
  EXPECT_EQ(reasons[0].cause, "chunk 17 trickles in from bert: 40 of 512 KiB in 20 s, 2 KiB/s");
  bert.chunk->waited = 2s;
  EXPECT_EQ(kinds_of(explain(running({bert}))), Kinds{"none"});
}

TEST(Explain, ABusySourceIsNamed) {
  download::SourceSituation bert = connected("bert");
  bert.busy = true;
  EXPECT_EQ(explain(running({bert}))[0].cause, "the source bert is too busy or answers too late");
}

TEST(Explain, LargePacketsThatAreLost) {
  download::SourceSituation bert = connected("bert");
  bert.path = download::PathTrouble::suspected;
  bert.manifest = {.waited = 9s, .size = 100'000, .received = 0};
  EXPECT_EQ(kinds_of(explain(running({bert}))), Kinds{"mtu"}) << "which explains the rest";
  bert.path = download::PathTrouble::evaded;
  bert.manifest.reset();
  EXPECT_EQ(kinds_of(explain(running({bert}))), (Kinds{"none", "mtu"}));
  EXPECT_NE(explain(running({bert}))[1].remedy.find("tcp_mtu_probing"), std::string::npos);
}

} // namespace
} // namespace p2pd::transfer
