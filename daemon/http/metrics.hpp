// The page /metrics. Nothing is counted just for it: each number is read on request from where it
// is kept, as `status` does. p2pd(8) lists them all. Loop thread only.
#pragma once

#include "daemon/disk/buffer_pool.hpp"
#include "daemon/peer/peer.hpp"
#include "daemon/tracker/tracker.hpp"

namespace p2pd::http {

struct Subjects {
  const base::Config& config;
  const io::Loop& loop;
  net::SessionSet& sessions;
  const disk::BufferPool& buffers;
  peer::Peer* peer; // one of these two, depending on the role
  tracker::Tracker* tracker;
};

std::string metrics(const Subjects& subjects);

} // namespace p2pd::http
