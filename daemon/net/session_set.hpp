// All links of this node: who is connected, how many may be, and where closed ones are freed.
// Loop thread only. Sessions live here from their first byte until a turn of the loop after they
// closed.
#pragma once

#include "daemon/io/graveyard.hpp"
#include "daemon/net/dial_ledger.hpp"
#include "daemon/net/door.hpp"
#include "daemon/net/path.hpp"
#include "daemon/net/places.hpp"
#include "daemon/net/probes.hpp"
#include "daemon/net/reachability.hpp"
#include "daemon/net/session.hpp"
#include "daemon/net/unfinished.hpp"

#include <map>
#include <unordered_map>
#include <unordered_set>

namespace p2pd::net {

// How the node presents itself.
struct Self {
  proto::Role role = proto::Role::peer;
  std::string name;
  std::string site;
  std::vector<io::Endpoint> listening; // with their real ports
  std::vector<std::string> advertise;  // addresses; empty: those of the interfaces
  std::uint64_t instance = 0;          // random, so that it is told from a copy of this machine

  bool operator==(const Self&) const = default;
};

// Two machines that use one identity, of which the second is turned away.
struct Clone {
  std::string name;
  std::string stays, turned_away; // their addresses, as they are seen
  io::Time last;                  // when it tried
};

// How much one link may ask of this node; beyond that it is held up.
struct Share {
  Allowance::Terms allowance;
  // Bytes that wait to be sent to it when it asks for more. Uploads queue 1 MiB by themselves, an
  // answer has 1 MiB at most.
  std::size_t unread = 4 << 20;
  // With this much it is closed. What a node tells unasked counts as well: a library of 100,000
  // contents is announced in 10 MiB.
  std::size_t hopelessly_unread = 64 << 20;
};

class SessionSet final {
 public:
  SessionSet(io::Loop& loop, Keys keys, Self self, std::size_t limit);
  SessionSet(const SessionSet&) = delete;
  SessionSet& operator=(const SessionSet&) = delete;

  bool member() const { return !keys_.secrets.empty(); } // without a secret it talks to nobody
  const PeerId& id() const { return keys_.identity.public_key; }
  const Keys& keys() const { return keys_; }
  // The one to use, then those still accepted; one at least. Links that are there stay.
  void set_secrets(std::vector<proto::noise::Psk> secrets);
  Self& self() { return self_; }
  // With every address by which people here may name it, also those that others are not told.
  proto::PeerInfo own_info() const;
  ChannelDeps channel_deps() { return {keys_, read_buffer_, replays_, refusals_}; }
  Refusals& refusals() { return refusals_; }
  DialLedger& dial_ledger() { return dial_ledger_; }
  Share& share() { return share_; }
  proto::Decoder& decoder() { return decoder_; }
  const std::vector<io::Endpoint>& interfaces() const { return interfaces_; } // addresses
  Whereabouts whereabouts() const { return {self_.listening, interfaces_, self_.advertise}; }
  // This node is called, or to be dialled, otherwise from now on. A peer tells all that it is
  // linked with; what a tracker says of itself nobody uses. Links whose own address this machine
  // has no longer are dead, though TCP would not notice for minutes: they close.
  void present(Self self, std::vector<io::Endpoint> interfaces);
  proto::Hello hello(const Session& to) const;

  // Who hears of the sessions that others begin. Before the first accept().
  void set_incoming(SessionListener& listener) { incoming_ = &listener; }
  // Makes room for it where it can: members come before strangers.
  void accept(std::unique_ptr<io::Stream> stream);
  // Whether the limit has room for one more, and for what is in use there makes way for it.
  bool may_dial(Purpose purpose) const { return places().free_for(purpose); }
  bool make_room(Purpose purpose, const io::Endpoint& newcomer);
  std::string full() const;                                   // says that all are in use
  void set_trackers(std::size_t known) { trackers_ = known; } // a place is kept for each
  // After make_room(). `secret`: its place in keys().
  Session& dial(const io::Endpoint& to, std::optional<PeerId> expected, SessionListener& listener,
                std::size_t secret = 0, Purpose purpose = Purpose::peer);

  int segment_size_for(const io::Endpoint& to) const {
    return segment_sizes_.size_for(to.host(), io::Clock::now());
  }
  const SegmentSizes& segment_sizes() const { return segment_sizes_; }
  bool shrink_segments(const Session& session); // for session.note_hole()

  // Who is banned is cut off at once, and refused from then on.
  void ban(const PeerId& id);
  void lift_ban(const PeerId& id) { banned_.erase(id); }
  bool banned(const PeerId& id) const { return banned_.contains(id); }

  Session* find(const PeerId& id) const; // a ready one
  template <class Use>
  void each_ready(Use&& use) const {
    for (const auto& [id, session] : ready_) use(*session);
  }
  std::size_t size() const { return sessions_.size(); }
  std::size_t dialling() const { return dialling_.size(); } // whose handshake is not done
  std::size_t limit() const { return limit_; }              // of them
  std::uint64_t payload_sent() const;
  std::uint64_t payload_received() const;
  // Is the other end of the link alive? Answered within Probes::deadline.
  void probe(Session& session, Probes::Done done) { probes_.ask(session, std::move(done)); }
  const std::map<PeerId, Clone>& clones() const { return clones_; }

  void set_silence_limit(io::milliseconds limit);       // links are pinged often enough for it
  void set_limit(std::size_t limit) { limit_ = limit; } // of links; those that are there stay
  void close_all(const std::string& why); // for good: nothing is accepted or dialled any more

  // For sessions.
  std::optional<std::string> refusal(const Session& session, const PeerId& id) const;
  // It said hello, and becomes the link to that node, at once or when an older one proves to be
  // dead; else it is closed.
  void enter(Session& session);
  void settled(Session& session); // it is a member's, whose hello is still to come
  // So many bytes of what is not all there it has kept, and keeps now.
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
  std::vector<io::Endpoint> interfaces_; // addresses of this machine
  std::size_t limit_;
  std::size_t trackers_ = 0;
  SessionListener* incoming_ = nullptr;
  ReadBuffer read_buffer_;
  Replays replays_;
  Refusals refusals_;
  Door door_;
  DialLedger dial_ledger_;
  Share share_;
  proto::Decoder decoder_;
  SegmentSizes segment_sizes_;
  io::milliseconds silence_limit_{};
  io::milliseconds round_{}; // in which each link is looked at once
  bool closing_ = false;
  std::uint64_t payload_sent_ = 0; // by links that are gone
  std::uint64_t payload_received_ = 0;
  std::map<Session*, std::unique_ptr<Session>> sessions_;
  std::unordered_set<const Session*> dialling_;
  std::unordered_set<const Session*> to_trackers_; // those of them that were dialled as such
  std::unordered_map<PeerId, Session*> ready_;
  // Of each id the one that others began and that is not its link yet.
  std::unordered_map<PeerId, Session*> entering_;
  std::size_t unfinished_ = 0;                            // bytes, of all
  std::unordered_map<Session*, Probes::Number> contests_; // those that wait for an older one's end
  Probes probes_;
  std::map<PeerId, Clone> clones_;
  std::unordered_set<PeerId> banned_;
  io::Graveyard graveyard_;
  io::Deferred relieve_;
  io::Timer tick_;
  Session* pinged_ = nullptr; // the last of this round, which goes through sessions_ in order
};

} // namespace p2pd::net
