#include "daemon/library/checked_manifest.hpp"

#include "daemon/disk/manifest_memory.hpp"
#include "proto/error.hpp"

namespace p2pd::library {

std::size_t memory_of(const OpenContent& content) {
  const std::size_t encoded = content.manifest_bytes->size();
  return encoded + disk::memory_of(*content.manifest, encoded);
}

OpenContent counted(std::shared_ptr<const proto::Manifest> manifest,
                    std::shared_ptr<const proto::Bytes> bytes) {
  disk::ManifestMemory& memory = disk::manifest_memory();
  const std::size_t encoded = bytes->size();
  const std::size_t decoded = disk::memory_of(*manifest, encoded);
  return {memory.charged(std::move(manifest), decoded), memory.charged(std::move(bytes), encoded),
          nullptr};
}

OpenContent checked_manifest(const ContentId& content, std::shared_ptr<const proto::Bytes> bytes) {
  if (proto::content_id_of(*bytes) != content) return {};
  try {
    auto manifest = std::make_shared<const proto::Manifest>(proto::decode_manifest(*bytes));
    return counted(std::move(manifest), std::move(bytes));
  } catch (const proto::Error&) {
    return {};
  }
}

} // namespace p2pd::library
