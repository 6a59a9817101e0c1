// What this peer shares, as it tells those who ask: names, sizes, and where below the share folder
// a content lies, but nothing of the way there. Loop thread only.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/net/session_set.hpp"
#include "daemon/peer/library.hpp"

namespace p2pd::peer {

class Inventory final {
 public:
  Inventory(net::SessionSet& sessions, const Library& library,
            std::shared_ptr<const disk::Folders> shared)
      : sessions_(sessions), library_(library), shared_(std::move(shared)) {}

  // A page of it, in the order of ids. Throws proto::Error for a malformed cursor.
  proto::Shared page(std::string_view cursor) const;
  proto::Message answer(const proto::Discover& question) const;

 private:
  net::SessionSet& sessions_;
  const Library& library_;
  std::shared_ptr<const disk::Folders> shared_;
};

} // namespace p2pd::peer
