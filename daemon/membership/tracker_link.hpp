// The link to one tracker: dials it at any of its addresses, dials again when it is lost,
// registers, tells it all that this node has, and carries questions. Loop thread only; owned by
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

// A tracker as this node was told of it.
struct KnownTracker {
  std::vector<base::HostPort> addresses; // one at least; the first is tried first
  std::optional<PeerId> id;              // pinned: nobody else is talked to there
  // How it was told: by [peer] trackers, or by p2pctl and so in the state database. Or by neither,
  // and then it is forgotten with this process.
  bool configured = false;
  bool joined = false;
  // The name that it was found behind (tracker_names.hpp), besides the tracker that the name stands
  // for: it is told nowhere, and comes and goes with what the name leads to.
  std::optional<base::HostPort> found = std::nullopt;
};

// What links to trackers need of the peer that they run in.
struct TrackerDeps {
  io::Loop& loop;
  net::SessionSet& sessions;
  library::Library& library;
  const library::Inventory& inventory;
  Bans& bans;
  NoticeReceiver& notices;
  const KnownNames& names;
  io::Bound<void(const net::Told&)> dial_back; // it cannot dial this node
};

class TrackerLink final : private net::Dialer::Owner, private net::SessionListener {
 public:
  // cloned: it has a link to another machine that uses this node's identity.
  enum class State : std::uint8_t { connecting, connected, refused, cloned };
  // The answer to a question, or null when the link was lost before it came.
  using Answer = std::function<void(const proto::Message*)>;

  // `connected` is called each time that the tracker has registered this node.
  TrackerLink(const TrackerDeps& deps, KnownTracker tracker, io::Bound<void()> connected);
  TrackerLink(const TrackerLink&) = delete;
  TrackerLink& operator=(const TrackerLink&) = delete;

  void start();
  void stop();
  void leave(); // stops, and says goodbye

  // The address it is connected at, else the next to be tried, stands first.
  const KnownTracker& tracker() const { return tracker_; }
  const base::HostPort& address() const { return tracker_.addresses.front(); }
  State state() const { return state_; }
  const std::string& cause() const { return cause_; } // why it is not connected
  // Every address that was tried by the last dial that failed, since it was last connected.
  const std::vector<net::Attempt>& attempts() const { return attempts_; }
  const net::Session* session() const { return session_; }

  bool chosen() const; // by people; else a beacon brought it, and it has no say in who is out

  // As it is pinned, or else of the node that is connected.
  std::optional<PeerId> remote_id() const;

  void adopt(net::Session& session); // a ready one, to the tracker; in place of dialling
  void dial_now();                   // unless it is connected, or stopped
  // It is to answer within a moment; a link that does not is closed, and the tracker dialled.
  void prove_alive();
  // More is known of it: the addresses come before those it had. Dialled at once, if need be.
  void learn(const KnownTracker& more);
  void unconfigure() { tracker_.configured = false; }
  // Calls when it is connected, or when an attempt has failed or was given up.
  void when_settled(std::function<void()> call);

  // Only while connected. `question` is any message with a request id, which is filled in.
  template <class Question>
  void ask(Question question, Answer answer) {
    question.request = proto::RequestId{next_request_++};
    answers_.emplace(question.request, std::move(answer));
    session_->send(question);
  }
  void tell(const proto::Message& message) { session_->send(message); }
  void publish(proto::Publish message, Answer answer);
  // What of this node it does not list, and why, since it was connected.
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
  net::Session* session_ = nullptr; // ready, if there is one
  State state_ = State::connecting;
  bool running_ = false; // dialling, or connected
  std::string cause_ = "not tried yet";
  std::vector<net::Attempt> attempts_;
  Backoff backoff_;
  std::uint32_t next_request_ = 1;
  std::unordered_map<proto::RequestId, Answer> answers_;
  std::vector<std::function<void()>> settled_;
  std::map<ContentId, std::string> refused_;
  std::string told_refusal_; // in the log, last
};

// The messages that announce an item, one for each of its names.
std::vector<proto::Publish> announcements(const library::Item& item);

} // namespace p2pd::membership
