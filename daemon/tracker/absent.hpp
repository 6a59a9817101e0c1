// The announcements of peers whose link was lost, kept for a grace period in which they may come
// back and resume. Meanwhile they are not listed. Loop thread only.
#pragma once

#include "daemon/io/timer.hpp"
#include "proto/tracker_messages.hpp"

#include <map>

namespace p2pd::tracker {

class Absent final {
 public:
  Absent(io::Loop& loop, io::milliseconds grace)
      : grace_(grace), sweep_(loop, io::bind<&Absent::sweep>(this)) {}

  // If the limit is reached, announcements of further peers are dropped.
  void put(const proto::PeerId& peer, std::vector<proto::Publish> told);
  struct Told {
    std::vector<proto::Publish> told;
    io::Time since{}; // when its link was lost
  };
  // Nothing if it had announced nothing or stayed away for too long.
  Told take(const proto::PeerId& peer);
  std::size_t size() const { return kept_; } // announcements

 private:
  struct Peer {
    std::vector<proto::Publish> told;
    io::Time until;
  };
  void sweep();

  const io::milliseconds grace_;
  std::map<proto::PeerId, Peer> peers_;
  std::size_t kept_ = 0;
  io::Timer sweep_; // active while there are any
};

} // namespace p2pd::tracker
