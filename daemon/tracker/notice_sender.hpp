// Tells followers what happens here: peers over their links, and this node's own watchers. A
// follower that reads too slowly misses notices instead of having them queued. Loop thread only.
#pragma once

#include "daemon/net/session.hpp"
#include "proto/tracker_messages.hpp"

#include <functional>
#include <map>

namespace p2pd::tracker {

using proto::NoticeKind;

class NoticeSender final {
 public:
  // `kinds`: bit N is NoticeKind N; 0 ends it.
  void follow(net::Session& follower, std::uint32_t kinds);
  void hand_over(net::Session& successor); // the follower has another link now
  void forget(const net::Session& follower) { followers_.erase(follower.id()); }

  using Watch = std::function<void(const proto::Notice&)>;
  void set_watch(Watch watch) { watch_ = std::move(watch); }

  // `file` is nothing where the notice is about the peer. With `since`, only to those who have
  // followed from that time on or later.
  void tell(NoticeKind kind, const net::Session& peer,
            const std::optional<proto::CatalogEntry>& file = {},
            std::optional<io::Time> since = {}) const;

 private:
  struct Follower {
    net::Session* session;
    std::uint32_t kinds;
    io::Time since;
  };
  std::map<proto::PeerId, Follower> followers_;
  Watch watch_;
};

} // namespace p2pd::tracker
