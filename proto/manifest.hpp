// The manifest: what a content is made of. Its canonical encoding is a msgpack array
//
//   [1, size, chunk_size, [entry, ...], hashes]        entry = [kind, path, size, mtime_ns, target]
//
// with every integer in its shortest form and `hashes` one bin of 32 bytes a chunk. The content id
// is BLAKE2b-256 with the personalisation "p2pd.manifest" over these bytes, so equal contents have
// equal ids wherever they were published. A single file has no entries: it holds no name, no mode
// and no time, and the same bytes under two names are one swarm. A tree's files lie end to end in
// the order of their paths, and chunks span files.
//
// Thread: any; values only. decode throws Error for whatever is not canonical, bounded and safe.
#pragma once

#include "proto/ids.hpp"

namespace p2pd::proto {

constexpr std::uint32_t min_chunk_size = 16 * 1024;
constexpr std::uint32_t small_chunk_size = 64 * 1024; // of small contents
constexpr std::uint32_t usual_chunk_size = 512 * 1024;
constexpr std::uint32_t max_chunk_size = 4 * 1024 * 1024;
constexpr std::uint32_t max_chunks = 1U << 20;
constexpr std::uint64_t max_content_size = std::uint64_t{max_chunks} * max_chunk_size; // 4 TiB
constexpr std::size_t max_manifest = 64 * 1024 * 1024;
constexpr std::size_t max_manifest_head =
    32; // bytes before the entries, and between them and hashes
constexpr std::size_t max_entries = 1'000'000;

struct Entry {
  enum class Kind : std::uint8_t { file, executable, folder, symlink, last = symlink };
  Kind kind = Kind::file;
  std::string path;          // relative, '/' between steps, no step empty, "." or ".."
  std::uint64_t size = 0;    // files only
  std::int64_t mtime_ns = 0; // since the epoch; 0 for symlinks
  std::string target;        // symlinks only: relative and inside the tree

  bool is_file() const { return kind == Kind::file || kind == Kind::executable; }
};

struct Manifest {
  std::uint64_t size = 0;
  std::uint32_t chunk_size = usual_chunk_size;
  std::vector<Entry> entries; // empty: a single file
  std::vector<Digest> hashes; // one a chunk

  bool single_file() const { return entries.empty(); }
  std::uint32_t chunks() const { return static_cast<std::uint32_t>(hashes.size()); }
  ByteOffset offset(ChunkIndex chunk) const;
  std::uint32_t length(ChunkIndex chunk) const; // of this chunk in bytes; the last may be short
};

bool valid_chunk_size(std::uint64_t bytes); // a power of two, 16 KiB to 4 MiB
// Small at first, and doubled to keep a content at 512 chunks; usual then, and doubled to keep it
// at 65,536.
std::uint32_t default_chunk_size(std::uint64_t size);
// How many chunks `size` bytes are; a content may have no more than max_chunks.
std::uint64_t chunk_count(std::uint64_t size, std::uint32_t chunk_size);
// A valid chunk size, and no more of them than a content may have.
bool valid_shape(std::uint64_t size, std::uint64_t chunk_size);

Bytes encode(const Manifest& manifest);
std::size_t encoded_size(const Entry& entry); // bytes of it in its manifest
Manifest decode_manifest(View bytes);
ContentId content_id_of(View manifest_bytes);

// The order of entries: '/' before every other byte, so a folder is followed by all that it holds.
bool path_before(std::string_view a, std::string_view b);
// A path that stays inside its tree: what Entry::path must be.
bool safe_path(std::string_view path);
// A symlink at `path` to `target` that stays inside the tree. Steps up may only lead: after a step
// down, which may be a symlink itself, ".." would be the parent of who knows what.
bool safe_target(std::string_view path, std::string_view target);

} // namespace p2pd::proto
