#include "daemon/control/ping_commands.hpp"

#include "daemon/control/peer_lookup.hpp"
#include "daemon/io/patience.hpp"

namespace p2pd::control {

namespace {

using membership::Survey;
using proto::PeerInfo;
using Rtt = net::Session::Rtt;

constexpr io::milliseconds ping_patience{1000};
constexpr std::uint64_t usual_count = 3;
constexpr std::uint64_t most_pings = 100;

// One command: so many pings, one after the other, as long as they are answered.
struct Run {
  CallPtr call;
  io::Loop& loop;
  PeerInfo peer;
  std::uint64_t count;
  Value::Array rtts{};
  std::string tracker{}; // through which they go, "" for none

  // Whether another one is to follow.
  bool more(io::Clock::duration rtt) {
    rtts.emplace_back(milliseconds_of(rtt));
    return rtts.size() < count;
  }
  Value value() const {
    const bool alive = !rtts.empty();
    return {{"peer", peer_value(peer)},
            {"alive", alive},
            {"via", !alive            ? Value()
                    : tracker.empty() ? Value("direct")
                                      : Value("tracker")},
            {"tracker", tracker.empty() ? Value() : Value(tracker)},
            {"rtt_ms", rtts}};
  }
  void answer() const { call->ok(value()); }
  void fail(const std::string& cause) const {
    call->event(value());
    call->error(
        {ExitCode::failed,
         proto::printable(peer.name) + " (" + to_text(peer.id) + ") does not answer" + cause,
         "see that p2pd runs there, and that the network lets it be reached"});
  }
};
using RunPtr = std::shared_ptr<Run>;

// `otherwise`: nothing came back.
void ping(const RunPtr& run, net::Session& session, const std::function<void()>& otherwise) {
  const auto patience = std::make_shared<io::Patience<Rtt>>(
      run->loop, ping_patience, std::nullopt, [run, &session, otherwise](Rtt rtt) {
        if (rtt && run->more(*rtt)) return ping(run, session, otherwise);
        if (run->rtts.empty()) return otherwise();
        run->answer();
      });
  session.ping([patience](Rtt rtt) { patience->answer(rtt); });
}

void ping_through(const RunPtr& run, peer::Peer& peer) {
  const auto best = std::make_shared<Rtt>();
  peer.trackers().ask_all<proto::Relayed>(
      proto::RelayPing{{}, run->peer.id},
      [run, best, start = io::Clock::now()](const membership::TrackerLink& link,
                                            const proto::Relayed& relayed) {
        if (!relayed.alive || *best) return;
        *best = io::Clock::now() - start; // all the way, from here to there
        run->tracker = to_text(link.address());
      },
      [run, best, &peer](const Survey::Silent&) {
        if (*best && run->more(**best)) return ping_through(run, peer);
        if (!run->rtts.empty()) return run->answer();
        const std::string cause = peer.links().cause(run->peer.id);
        run->fail((cause.empty() ? ", neither directly" : ", neither directly (" + cause + ')') +
                  (peer.trackers().connected() == 0 ? "; and no tracker is connected"
                                                    : " nor through a tracker"));
      });
}

// What is to be done, unless that is refused.
RunPtr run_of(const CallPtr& call, const Node& node, const PeerInfo& meant) {
  const Value& given = call->params()["count"];
  const std::uint64_t count = given.is_null() ? usual_count : given.natural();
  if (count == 0 || count > most_pings) {
    call->error({ExitCode::usage, std::to_string(count) + " pings are not possible",
                 "from 1 to " + std::to_string(most_pings) + " are"});
    return nullptr;
  }
  if (meant.id == node.sessions.id()) {
    call->error({ExitCode::failed, "this is the node itself", "name another one"});
    return nullptr;
  }
  return std::make_shared<Run>(Run{call, node.loop, meant, count});
}

} // namespace

void bind_ping(Dispatcher& dispatcher, Node& node, const tracker::Tracker& tracker) {
  dispatcher.bind("ping", [&](const CallPtr& call) {
    look_up(call, node, tracker, [call, &node](const PeerInfo& meant) {
      const RunPtr run = run_of(call, node, meant);
      if (run == nullptr) return;
      ping(run, *node.sessions.find(meant.id), [run] { run->fail(""); });
    });
  });
}

void bind_ping(Dispatcher& dispatcher, Node& node, peer::Peer& peer) {
  dispatcher.bind("ping", [&](const CallPtr& call) {
    look_up(call, node, peer, [call, &node, &peer](const PeerInfo& meant) {
      const RunPtr run = run_of(call, node, meant);
      if (run == nullptr) return;
      const auto otherwise = [run, &peer] { ping_through(run, peer); };
      if (net::Session* const session = node.sessions.find(meant.id))
        return ping(run, *session, otherwise);
      const auto dialled = std::make_shared<io::Patience<links::Link*>>(
          node.loop, dial_patience, nullptr, [=, &node](links::Link* link) {
            net::Session* const reached =
                link == nullptr ? nullptr : node.sessions.find(link->id());
            if (reached == nullptr) return otherwise();
            ping(run, *reached, otherwise);
          });
      peer.links().reach(meant, [dialled](links::Link* link) { dialled->answer(link); });
    });
  });
}

} // namespace p2pd::control
