// A tracker and its peers, with real sessions between them.
#pragma once

#include "daemon/base/log.hpp"
#include "daemon/tracker/tracker.hpp"
#include "tests/unit/net_relay.hpp"
#include "tests/unit/tracker_fixture.hpp"

#include <algorithm>

namespace p2pd::tracker {

using net::Node;
using proto::RequestId;

class TrackerTest : public testing::Test {
 protected:
  TrackerTest() {
    base::log::set_level(base::log::Level::error); // peers come and go by the dozen
    node.sessions.self().role = proto::Role::tracker;
    node.sessions.set_incoming(tracker);
  }

  void connect(Node& peer) {
    peer.dial(node.at());
    ASSERT_TRUE(io::run_until(loop, [&] { return peer.linked(node) && node.linked(peer); }));
  }
  void enter(Node& peer) {
    connect(peer);
    EXPECT_NE(ask<proto::Registered>(peer, proto::Register()), std::nullopt);
  }
  // Asks the tracker and waits for the answer, which must be of this type.
  template <class Answer, class Question>
  std::optional<Answer> ask(Node& peer, Question question) {
    question.request = RequestId{++requests_};
    const std::size_t before = peer.ear.messages.size();
    peer.linked(node)->send(question);
    EXPECT_TRUE(io::run_until(loop, [&] {
      return peer.ear.messages.size() > before || peer.linked(node) == nullptr;
    })) << question.title;
    if (peer.ear.messages.size() == before) return std::nullopt;
    const auto* answer = std::get_if<Answer>(&peer.ear.messages.back());
    EXPECT_NE(answer, nullptr) << peer.ear.log.back() << " answers " << question.title;
    if (answer == nullptr) return std::nullopt;
    EXPECT_EQ(answer->request, question.request);
    return *answer;
  }
  void publish(Node& peer, const proto::Publish& what) {
    EXPECT_TRUE(ask<proto::Done>(peer, what));
  }
  std::vector<proto::Source> locate(Node& peer, const ContentId& id) {
    const auto located = ask<proto::Located>(peer, proto::Locate{{}, id});
    return located ? std::vector<proto::Source>(located->sources) : std::vector<proto::Source>();
  }
  std::vector<std::string> list(Node& peer, const std::string& pattern = "") {
    std::vector<std::string> names;
    std::string cursor;
    do {
      const auto page = ask<proto::Listing>(peer, proto::ListFiles{{}, pattern, cursor});
      if (!page) break;
      for (const CatalogEntry& row : page->files) names.push_back(row.name.bytes);
      cursor = page->next;
      ++pages;
    } while (!cursor.empty());
    return names;
  }
  void vanish(Node& peer) {
    peer.linked(node)->close(proto::Reason::leaving, "bye");
    ASSERT_TRUE(io::run_until(loop, [&] { return node.linked(peer) == nullptr; }));
  }

  using Names = std::vector<std::string>;
  std::size_t pages = 0;
  const ContentId aa = content("aa"), bb = content("bb");
  io::Loop loop;
  Tracker tracker{loop, std::chrono::seconds(7)};
  Node node{loop, 100};

 private:
  std::uint32_t requests_ = 0;
};

} // namespace p2pd::tracker
