// Manifests for tests: a tree from a list of entries, its size and count of hashes made to fit.
#pragma once

#include "proto/manifest.hpp"

namespace p2pd::proto {

using EntryKind = Entry::Kind;

inline Entry file(std::string path, std::uint64_t size = 0) {
  return {EntryKind::file, std::move(path), size, 5, ""};
}
inline Entry folder(std::string path) {
  return {EntryKind::folder, std::move(path), 0, 5, ""};
}
inline Entry symlink(std::string path, std::string target) {
  return {EntryKind::symlink, std::move(path), 0, 0, std::move(target)};
}

inline Manifest tree(std::vector<Entry> entries) {
  Manifest manifest;
  manifest.chunk_size = min_chunk_size;
  for (const Entry& entry : entries) manifest.size += entry.size;
  manifest.entries = std::move(entries);
  manifest.hashes.resize(chunk_count(manifest.size, manifest.chunk_size));
  for (std::size_t i = 0; i < manifest.hashes.size(); ++i)
    manifest.hashes[i].bytes.fill(static_cast<std::uint8_t>(i + 1));
  return manifest;
}

inline Manifest single(std::uint64_t size, std::uint32_t chunk_size = usual_chunk_size) {
  Manifest manifest{size, chunk_size, {}, {}};
  manifest.hashes.resize(chunk_count(size, chunk_size));
  return manifest;
}

} // namespace p2pd::proto
