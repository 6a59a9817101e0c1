// Bytes from a disk or from another node, as the manifest that a content id names. Any thread;
// pure.
#pragma once

#include "daemon/library/library.hpp"

namespace p2pd::library {

// The manifest that these bytes are, as a content without a store; without anything when they are
// not what the id says. Any thread: a large one takes a while to hash and to read.
Content checked_manifest(const ContentId& content, std::shared_ptr<const proto::Bytes> bytes);

} // namespace p2pd::library
