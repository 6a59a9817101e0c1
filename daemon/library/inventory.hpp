// What this peer shares, as it tells other nodes: names, sizes, and paths relative to the share
// folder, which itself is not disclosed. Loop thread only.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/library/library.hpp"
#include "daemon/net/session_set.hpp"

namespace p2pd::library {

class Inventory final {
 public:
  Inventory(net::SessionSet& sessions, const Library& library,
            std::shared_ptr<const disk::Folders> shared)
      : sessions_(sessions), library_(library), shared_(std::move(shared)) {}

  // One page, in the order of ids. Throws proto::Error for a malformed cursor.
  proto::Shared page(std::string_view cursor) const;
  proto::Message answer(const proto::Discover& question) const;

 private:
  net::SessionSet& sessions_;
  const Library& library_;
  std::shared_ptr<const disk::Folders> shared_;
};

} // namespace p2pd::library
