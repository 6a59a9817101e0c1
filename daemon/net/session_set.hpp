// All links of this node: enforces their limits and frees closed ones. Loop thread only. Sessions
// live here from their first byte until one loop iteration after they closed.
#pragma once

#include "daemon/io/graveyard.hpp"
#include "daemon/net/dial_ledger.hpp"
#include "daemon/net/path.hpp"
#include "daemon/net/pending_links.hpp"
#include "daemon/net/places.hpp"
#include "daemon/net/probes.hpp"
#include "daemon/net/reachability.hpp"
#include "daemon/net/session.hpp"
#include "daemon/net/unfinished.hpp"

#include <map>
#include <unordered_map>
#include <unordered_set>

namespace p2pd::net {

// What the node announces in hello.
struct Self {
  proto::Role role = proto::Role::peer;
  std::string name;
  std::string site;
  std::vector<io::Endpoint> listening; // with their real ports
  std::vector<std::string> advertise;  // addresses; empty: those of the interfaces
  std::uint64_t instance = 0;          // random, to detect a copy of this machine

  bool operator==(const Self&) const = default;
};

// Two machines with the same identity, of which the second is refused.
struct Clone {
  std::string name;
  std::string stays, turned_away; // their addresses as seen from here
  io::Time last;                  // last attempt
};

// Limits per link; beyond them, reading from the link is paused.
struct Share {
  Allowance::Terms allowance;
  // Unsent bytes beyond which no more requests are read. Uploads alone queue 1 MiB, and an answer
  // has at most 1 MiB.
  std::size_t unread = 4 << 20;
  // Unsent bytes beyond which it is closed. Includes unsolicited messages: a library of 100,000
  // contents is announced in 10 MiB.
  std::size_t hopelessly_unread = 64 << 20;
};

class SessionSet final {
 public:
  SessionSet(io::Loop& loop, Keys keys, Self self, std::size_t limit);
  SessionSet(const SessionSet&) = delete;
  SessionSet& operator=(const SessionSet&) = delete;

  bool member() const { return !keys_.secrets.empty(); } // without a secret it accepts nobody
  const PeerId& id() const { return keys_.identity.public_key; }
  const Keys& keys() const { return keys_; }
  // The current secret, then those still accepted; at least one. Existing links stay.
  void set_secrets(std::vector<proto::noise::Psk> secrets);
  Self& self() { return self_; }
  // With all addresses by which local users may name it, including those that are not announced.
  proto::PeerInfo own_info() const;
  ChannelDeps channel_deps() { return {keys_, read_buffer_, replays_, refusals_}; }
  Refusals& refusals() { return refusals_; }
  DialLedger& dial_ledger() { return dial_ledger_; }
  Share& share() { return share_; }
  proto::Decoder& decoder() { return decoder_; }
  const std::vector<io::Endpoint>& interfaces() const { return interfaces_; } // addresses
  Whereabouts whereabouts() const { return {self_.listening, interfaces_, self_.advertise}; }
  // Changes this node's name and addresses. A peer announces them on all links; nobody needs a
  // tracker's. Links whose local address this machine no longer has are closed, because TCP would
  // not notice for minutes.
  void present(Self self, std::vector<io::Endpoint> interfaces);
  proto::Hello hello(const Session& to) const;

  // The listener for incoming sessions. Set before the first accept().
  void set_incoming(SessionListener& listener) { incoming_ = &listener; }
  // Evicts others to make room if necessary: members have priority over strangers.
  void accept(std::unique_ptr<io::Stream> stream);
  bool closing() const { return closing_; } // after close_all()
  // Whether the limit allows one more; evicts a less useful link if necessary. Never while closing.
  bool may_dial(Purpose purpose) const { return !closing_ && places().free_for(purpose); }
  bool make_room(Purpose purpose, const io::Endpoint& newcomer);
  std::string full() const;                                   // why there is no room
  void set_trackers(std::size_t known) { trackers_ = known; } // one connection is reserved for each
  // After make_room(). `secret`: its index in keys().
  Session& dial(const io::Endpoint& to, std::optional<PeerId> expected, SessionListener& listener,
                std::size_t secret = 0, Purpose purpose = Purpose::peer);

  int segment_size_for(const io::Endpoint& to) const {
    return segment_sizes_.size_for(to.host(), io::Clock::now());
  }
  const SegmentSizes& segment_sizes() const { return segment_sizes_; }
  bool shrink_segments(const Session& session); // for session.note_hole()

  // Closes the links of banned nodes, and refuses them from then on.
  void ban(const PeerId& id);
  void lift_ban(const PeerId& id) { banned_.erase(id); }
  bool banned(const PeerId& id) const { return banned_.contains(id); }

  Session* find(const PeerId& id) const; // ready sessions only
  template <class Use>
  void each_ready(Use&& use) const {
    for (const auto& [id, session] : ready_) use(*session);
  }
  std::size_t size() const { return sessions_.size(); }
  std::size_t dialling() const { return dialling_.size(); } // with the handshake not done
  std::size_t limit() const { return limit_; }              // of connections
  std::uint64_t payload_sent() const;
  std::uint64_t payload_received() const;
  // Checks whether the other end of the link is alive. Answered within Probes::deadline.
  void probe(Session& session, Probes::Done done) { probes_.ask(session, std::move(done)); }
  const std::map<PeerId, Clone>& clones() const { return clones_; }

  void set_silence_limit(io::milliseconds limit);       // also sets how often links are pinged
  void set_limit(std::size_t limit) { limit_ = limit; } // existing links stay
  void
  close_all(const std::string& why); // permanently: nothing is accepted or dialled from then on

  // For sessions.
  std::optional<std::string> refusal(const Session& session, const PeerId& id) const;
  // It has sent hello. Makes it the link to that node, at once or when an older one proves to be
  // dead; otherwise closes it.
  void enter(Session& session);
  void settled(Session& session); // it is authenticated; its hello is still to come
  // Its bytes of incomplete messages changed from `before` to `now`.
  void keeps(std::size_t before, std::size_t now) {
    unfinished_ += now - before;
    if (unfinished_ > Unfinished::most) relieve_.schedule();
  }
  void retire(Session& session);

 private:
  void lock_secrets();
  void release_secrets();
  void admit(Session& session);
  void contest(Session& session, Session& older);
  void turn_away(Session& session, const Session& older);
  void on_tick();
  void await_tick();
  std::size_t links_a_tick() const;
  void send_away(Session& session, Refusal cause);
  void make_way(const io::Endpoint& newcomer, bool must);
  void relieve();
  Places places() const { return {limit_, sessions_.size(), to_trackers_.size(), trackers_}; }

  io::Loop& loop_;
  Keys keys_;
  Self self_;
  std::vector<io::Endpoint> interfaces_; // this machine's addresses
  std::size_t limit_;
  std::size_t trackers_ = 0;
  SessionListener* incoming_ = nullptr;
  ReadBuffer read_buffer_;
  Replays replays_;
  Refusals refusals_;
  PendingLinks pending_;
  DialLedger dial_ledger_;
  Share share_;
  proto::Decoder decoder_;
  SegmentSizes segment_sizes_;
  io::milliseconds silence_limit_{};
  io::milliseconds round_{}; // in which each link is checked once
  bool closing_ = false;
  std::uint64_t payload_sent_ = 0; // by closed links
  std::uint64_t payload_received_ = 0;
  std::map<Session*, std::unique_ptr<Session>> sessions_;
  std::unordered_set<const Session*> dialling_;
  std::unordered_set<const Session*> to_trackers_; // sessions that were dialled as trackers
  std::unordered_map<PeerId, Session*> ready_;
  // By id, the incoming session that is not the link to its node yet.
  std::unordered_map<PeerId, Session*> entering_;
  std::size_t unfinished_ = 0; // bytes of incomplete messages on all links
  std::unordered_map<Session*, Probes::Number>
      contests_; // sessions that wait whether an older one is alive
  Probes probes_;
  std::map<PeerId, Clone> clones_;
  std::unordered_set<PeerId> banned_;
  io::Graveyard graveyard_;
  io::Deferred relieve_;
  io::Timer tick_;
  Session* pinged_ = nullptr; // the last one pinged in this round, which iterates over sessions_
};

} // namespace p2pd::net
