// What the peers had told that were cut off, kept for a grace time in which they may come back and
// go on from there. They are listed nowhere meanwhile. Loop thread only.
#pragma once

#include "daemon/io/timer.hpp"
#include "proto/tracker_messages.hpp"

#include <map>

namespace p2pd::tracker {

class Absent final {
 public:
  Absent(io::Loop& loop, io::milliseconds grace)
      : grace_(grace), sweep_(loop, io::bind<&Absent::sweep>(this)) {}

  // Where too much is kept already, for that of new peers there is no room.
  void put(const proto::PeerId& peer, std::vector<proto::Publish> told);
  struct Told {
    std::vector<proto::Publish> told;
    io::Time since{}; // it is away
  };
  // Nothing, where it had told nothing or stayed away for too long.
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
  io::Timer sweep_; // runs while there are any
};

} // namespace p2pd::tracker
