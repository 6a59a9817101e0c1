// The tracker role: maintains the registry and the catalog as peers register, announce and leave,
// and answers their queries. It never handles file contents. Loop thread only.
#pragma once

#include "daemon/net/session_set.hpp"
#include "daemon/tracker/absent.hpp"
#include "daemon/tracker/ban_list.hpp"
#include "daemon/tracker/catalog.hpp"
#include "daemon/tracker/dial_backs.hpp"
#include "daemon/tracker/notice_sender.hpp"
#include "daemon/tracker/registry.hpp"

namespace p2pd::tracker {

// One peer gets at most a quarter of the tracker's time, and 5 ms at once: others never wait longer
// than that for it.
inline constexpr net::Allowance::Terms allowance_of_a_peer{.work = 4,
                                                           .most = std::chrono::milliseconds(20)};

class Tracker final : public net::SessionListener {
 public:
  Tracker(io::Loop& loop, std::chrono::milliseconds peer_timeout);

  const Registry& registry() const { return registry_; }
  const Catalog& catalog() const { return catalog_; }
  BanList& bans() { return bans_; } // sent to each peer when it registers
  void set_peer_timeout(std::chrono::milliseconds timeout) { peer_timeout_ = timeout; }

  NoticeSender& notices() { return notices_; }

  // Queries a registered peer. The answer is null if it leaves before answering.
  using Answer = std::function<void(const proto::Message*)>;
  void ask(const PeerId& peer, proto::Discover question, Answer answer);

 private:
  void on_ready(net::Session& session) override;
  void on_message(net::Session& session, const proto::Message& message) override;
  void on_renewed(net::Session& session, const proto::PeerInfo& before) override {
    registry_.renew(session, before);
  }
  void on_closed(net::Session& session, const std::string& cause) override;
  // A registered peer keeps its link, unless its network has more links than others.
  net::Usefulness usefulness(const net::Session& session) const override {
    const bool here = registry_.holds(session);
    return {.busy = here, .wanted = here, .used = session.since()};
  }

  // One for each message that a peer may send; others are refused.
  void take(net::Session& from, const proto::Register& message);
  void take(net::Session& from, const proto::Leave& message);
  void take(net::Session& from, const proto::Publish& message);
  void take(net::Session& from, const proto::Unpublish& message);
  void take(net::Session& from, const proto::ListFiles& message);
  void take(net::Session& from, const proto::Resolve& message);
  void take(net::Session& from, const proto::Locate& message);
  void take(net::Session& from, const proto::HaveBatch& message);
  void take(net::Session& from, const proto::Chunks& message);
  void take(net::Session& from, const proto::Discover& message);
  void take(net::Session& from, const proto::RelayPing& message);
  void take(net::Session& from, const proto::Unreachable& message);
  void take(net::Session& from, const proto::Follow& message);
  void take(net::Session& from, const proto::Reconcile& message);
  void take(net::Session& from, const proto::Shared& message) { answer(from, message); }
  void take(net::Session& from, const proto::Failed& message) { answer(from, message); }
  template <class Other>
  void take(net::Session& from, const Other& message);

  template <class Given>
  void answer(const net::Session& from, const Given& message);
  void tell(const net::Session& from, const Catalog::Change& change, const ContentId& content,
            std::optional<io::Time> since = {}) const;
  void require_member(const net::Session& session) const;
  void forget(const net::Session& session, NoticeKind why);
  void hand_over(const net::Session& session, net::Session& successor);
  void answer_nobody(const PeerId& peer); // fails its pending queries

  std::chrono::milliseconds peer_timeout_;
  Registry registry_;
  Catalog catalog_;
  Absent absent_;
  BanList bans_;
  NoticeSender notices_;
  DialBacks dial_backs_;
  std::minstd_rand chance_{std::random_device{}()};
  std::uint32_t next_request_ = 1;
  std::map<std::pair<PeerId, proto::RequestId>, Answer> asked_; // by peer
};

} // namespace p2pd::tracker
