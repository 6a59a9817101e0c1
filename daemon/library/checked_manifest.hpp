// Bytes from a disk or from another node as the manifest that a content id names, and how much
// memory that takes. Any thread.
#pragma once

#include "daemon/library/library.hpp"

namespace p2pd::library {

// The manifest that these bytes encode, without a store; empty if they do not match the id. A large
// one takes a while to hash and to decode: not on the loop thread.
OpenContent checked_manifest(const ContentId& content, std::shared_ptr<const proto::Bytes> bytes);

// A manifest and its encoded form, which count towards the memory of manifests from now on.
OpenContent counted(std::shared_ptr<const proto::Manifest> manifest,
                    std::shared_ptr<const proto::Bytes> bytes);

// Bytes, of both forms together.
std::size_t memory_of(const OpenContent& content);

} // namespace p2pd::library
