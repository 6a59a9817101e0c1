// Where the chunks of a content are read: a published file or tree, or a fetch that is still going
// on. Thread: any, several at a time; blocking. Lifetime: shared by the library and by jobs that
// read.
#pragma once

#include "daemon/disk/outcome.hpp"
#include "proto/ids.hpp"

#include <span>
#include <sys/uio.h>

namespace p2pd::store {

class Store {
 public:
  virtual ~Store() = default;

  // Fills all of `into`, in order, from this place of the content on.
  virtual disk::Outcome read(proto::ByteOffset from, std::span<const iovec> into) const = 0;
  // Whether its files are still what they were when they were hashed or written.
  virtual disk::Outcome unchanged() const = 0;
  // Nor was any of them written over and given its old time. Modes and names count here as well, so
  // what is touched may be the same: it has to be hashed.
  virtual disk::Outcome untouched() const = 0;
};

} // namespace p2pd::store
