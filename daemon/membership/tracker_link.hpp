// The link to one tracker: dials any of its addresses, redials when the link is lost, registers,
// announces everything that this node has, and carries queries. Loop thread only; owned by
// Trackers.
#pragma once

#include "daemon/library/inventory.hpp"
#include "daemon/membership/backoff.hpp"
#include "daemon/membership/bans.hpp"
#include "daemon/membership/known_names.hpp"
#include "daemon/membership/notice_receiver.hpp"
#include "daemon/net/dialer.hpp"
#include "daemon/net/told.hpp"

#include <functional>

namespace p2pd::membership {

using proto::ContentId;

// A tracker as it was configured, joined or discovered.
struct KnownTracker {
  std::vector<base::HostPort> addresses; // at least one, in the order of dialling
  std::optional<PeerId> id;              // pinned: no other node is accepted there
  // Where it comes from: [peer] trackers, or p2pctl and so the state database. If neither, it is
  // forgotten when this process ends.
  bool configured = false;
  bool joined = false;
  // The name that it was discovered behind (tracker_names.hpp), if it is not the link of the name
  // itself: it is listed nowhere, and exists as long as the name resolves to it.
  std::optional<base::HostPort> found = std::nullopt;
};

// What links to trackers need from their peer.
struct TrackerDeps {
  io::Loop& loop;
  net::SessionSet& sessions;
  library::Library& library;
  const library::Inventory& inventory;
  Bans& bans;
  NoticeReceiver& notices;
  const KnownNames& names;
  io::Bound<void(const net::Told&)> dial_back; // a node that cannot dial this one
};

class TrackerLink final : private net::Dialer::Owner, private net::SessionListener {
 public:
  // cloned: the tracker has a link to another machine with this node's identity.
  enum class State : std::uint8_t { connecting, connected, refused, cloned };
  // The answer to a query, or null if the link was lost before it came.
  using Answer = std::function<void(const proto::Message*)>;

  // `connected` is called each time the tracker has registered this node.
  TrackerLink(const TrackerDeps& deps, KnownTracker tracker, io::Bound<void()> connected);
  TrackerLink(const TrackerLink&) = delete;
  TrackerLink& operator=(const TrackerLink&) = delete;

  void start();
  void stop();
  void leave(); // says goodbye and stops

  // The first is the one that it is connected at, or that is tried next.
  const KnownTracker& tracker() const { return tracker_; }
  const base::HostPort& address() const { return tracker_.addresses.front(); }
  State state() const { return state_; }
  const std::string& cause() const { return cause_; } // why it is not connected
  // Every address that the last failed dial tried, since it was last connected.
  const std::vector<net::Attempt>& attempts() const { return attempts_; }
  const net::Session* session() const { return session_; }

  bool chosen() const; // by a user; not by a beacon, whose bans do not count

  // The pinned id, or else that of the connected node.
  std::optional<PeerId> remote_id() const;

  void adopt(net::Session& session); // a ready session to the tracker, instead of dialling
  void dial_now();                   // unless connected or stopped
  // Requires an answer within a moment; otherwise the link is closed and the tracker redialled.
  void prove_alive();
  // Adds knowledge about it: these addresses come first. Dials at once if necessary.
  void learn(const KnownTracker& more);
  void unconfigure() { tracker_.configured = false; }
  // Calls once it is connected, or an attempt has failed or was abandoned.
  void when_settled(std::function<void()> call);

  // Only while connected. `question` is a message with a request id, which is set here.
  template <class Question>
  void ask(Question question, Answer answer) {
    question.request = proto::RequestId{next_request_++};
    answers_.emplace(question.request, std::move(answer));
    session_->send(question);
  }
  void tell(const proto::Message& message) { session_->send(message); }
  void publish(proto::Publish message, Answer answer);
  // What it refuses to list for this node, and why, since it was connected.
  const std::map<ContentId, std::string>& refused() const { return refused_; }
  void forget_refusal(const ContentId& content) { refused_.erase(content); }

 private:
  void on_reached(net::Session& session) override;
  void on_unreachable(const std::string& cause) override;
  void on_ready(net::Session&) override {}
  void on_message(net::Session& session, const proto::Message& message) override;
  void on_closed(net::Session& session, const std::string& cause) override;

  void on_no_proof();
  void dial();
  void retry_later();
  void turned_away(const proto::Goodbye& farewell);
  void settle();
  void put_first(const std::vector<base::HostPort>& addresses);
  void register_here();
  void announce_all();
  void announce(const std::set<std::size_t>& which, std::size_t groups);
  void answer(proto::RequestId request, const proto::Message& message);
  void note_refusal(const ContentId& content, const std::string& name, const proto::Failed& failed);

  const TrackerDeps deps_;
  KnownTracker tracker_;
  io::Bound<void()> connected_;
  net::Dialer dialer_;
  io::Timer retry_;
  io::Timer proof_;                 // runs until the link has proved to be alive
  net::Session* session_ = nullptr; // ready; null: none
  State state_ = State::connecting;
  bool running_ = false; // dialling, or connected
  std::string cause_ = "not tried yet";
  std::vector<net::Attempt> attempts_;
  Backoff backoff_;
  std::uint32_t next_request_ = 1;
  std::unordered_map<proto::RequestId, Answer> answers_;
  std::vector<std::function<void()>> settled_;
  std::map<ContentId, std::string> refused_;
  std::string told_refusal_; // last logged
};

// The messages that announce an item, one per name.
std::vector<proto::Publish> announcements(const library::Item& item);

} // namespace p2pd::membership
