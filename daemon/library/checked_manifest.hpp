// Bytes from a disk or from another node, as the manifest that a content id names; and what it
// takes of memory. Any thread.
#pragma once

#include "daemon/library/library.hpp"

namespace p2pd::library {

// The manifest that these bytes are, as a content without a store; without anything when they are
// not what the id says. Any thread: a large one takes a while to hash and to read.
Content checked_manifest(const ContentId& content, std::shared_ptr<const proto::Bytes> bytes);

// A manifest and its encoded form, which count as memory of manifests from now on.
Content counted(std::shared_ptr<const proto::Manifest> manifest,
                std::shared_ptr<const proto::Bytes> bytes);

// Bytes, of both forms together.
std::size_t memory_of(const Content& content);

} // namespace p2pd::library
