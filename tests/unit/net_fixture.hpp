// What the tests of net/ share: nodes that listen and dial on the loopback within one event loop,
// each with an ear that writes down what its sessions tell.
#pragma once

#include "daemon/net/dialer.hpp"
#include "tests/unit/io_fixture.hpp"

#include <map>
#include <sodium.h>

namespace p2pd::net {

using io::loopback;
using io::milliseconds;
using io::run_until;
using io::settle;

inline const int sodium_ready = sodium_init();

template <class Bytes32>
Bytes32 filled(std::uint8_t value) {
  Bytes32 out;
  out.bytes.fill(value);
  return out;
}

inline Keys keys(std::uint8_t identity, std::vector<std::uint8_t> secrets = {0x55}) {
  Keys keys{proto::noise::key_pair_from(filled<proto::noise::PrivateKey>(identity)), {}};
  for (const std::uint8_t secret : secrets)
    keys.secrets.push_back(filled<proto::noise::Psk>(secret));
  return keys;
}

// The ear of any number of sessions.
class SessionEar final : public SessionListener {
 public:
  struct Landed {
    proto::Segment segment;
    Bytes bytes;
  };

  std::vector<Session*> ready;
  std::vector<proto::Message> messages;
  std::vector<Landed> segments;
  std::vector<std::string> log; // messages and segments by title, in their order
  std::vector<std::string> closed;
  std::size_t sent = 0;
  bool wants_segments = true;
  Usefulness use{.busy = true};
  std::function<void(Session&)> when_ready = [](Session&) {};
  std::function<void(Session&, const proto::Message&)> when_message = [](auto&, auto&) {};
  std::function<void(Session&)> when_closed = [](Session&) {};

  template <class M>
  std::vector<M> all() const {
    std::vector<M> found;
    for (const proto::Message& message : messages)
      if (const M* one = std::get_if<M>(&message)) found.push_back(*one);
    return found;
  }

  void on_ready(Session& session) override {
    ready.push_back(&session);
    when_ready(session);
  }
  void on_message(Session& session, const proto::Message& message) override {
    messages.push_back(message);
    log.emplace_back(proto::title(message));
    when_message(session, message);
  }
  // In a block of its own, so that one byte too many is found out.
  MutableView segment_space(Session&, const proto::Segment& segment) override {
    if (!wants_segments) return {};
    space = std::make_unique<Bytes>(segment.length);
    return *space;
  }
  void on_segment(Session&, const proto::Segment& segment) override {
    segments.push_back({segment, std::move(*space)});
    log.emplace_back("segment");
    space.reset();
  }
  void on_sent(Session&) override { ++sent; }
  Usefulness usefulness(const Session&) const override { return use; }
  void on_closed(Session& session, const std::string& cause) override {
    closed.push_back(cause);
    std::erase(ready, &session);
    when_closed(session);
  }

  std::unique_ptr<Bytes> space; // of the segment that is coming
};

// A node that listens on the loopback.
class Node final {
 public:
  Node(io::Loop& loop, std::uint8_t identity, std::vector<std::uint8_t> secrets = {0x55},
       std::size_t limit = 100)
      : Node(loop, keys(identity, std::move(secrets)), limit) {
    sessions.self().name = "node-" + std::to_string(identity);
  }
  Node(io::Loop& loop, Keys with, std::size_t limit = 100)
      : sessions(loop, std::move(with), Self{}, limit)
      , listener(loop, loopback(), io::bind<&Node::on_stream>(this)) {
    sessions.set_incoming(ear);
    sessions.self().listening = {listener.local()};
  }
  ~Node() { sessions.close_all("the test is over"); }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  io::Endpoint at() const { return listener.local(); }
  const PeerId& id() const { return sessions.id(); }
  Session& dial(const io::Endpoint& to, std::optional<PeerId> expected = {}) {
    return sessions.dial(to, expected, ear);
  }
  // Has dialled, or was dialled by, that node, and both have said hello.
  Session* linked(const Node& other) const { return sessions.find(other.id()); }

  SessionEar ear;
  SessionSet sessions;
  io::Listener listener;

 private:
  void on_stream(std::unique_ptr<io::Stream> stream) { sessions.accept(std::move(stream)); }
};

// What became of an attempt to reach a node.
class Outcome final : public Dialer::Owner {
 public:
  void on_reached(Session& session) override {
    reached.push_back(&session);
    session.listen_to(ear);
    then();
  }
  void on_unreachable(const std::string& cause) override {
    causes.push_back(cause);
    then();
  }
  void on_delayed() override { ++delays; }
  bool known() const { return !reached.empty() || !causes.empty(); }

  SessionEar ear;
  std::vector<Session*> reached;
  std::vector<std::string> causes;
  int delays = 0;
  std::function<void()> then = [] {};
};

// Two nodes and a loop: what most tests start from.
class NetTest : public testing::Test {
 protected:
  // b's side of the link that a has dialled, and a's.
  void link(Node& a, Node& b) {
    a.dial(b.at());
    await_link(a, b);
  }
  void await_link(Node& a, Node& b) {
    ASSERT_TRUE(run_until(loop, [&] { return a.linked(b) != nullptr && b.linked(a) != nullptr; }));
  }

  io::Loop loop;
};

} // namespace p2pd::net
