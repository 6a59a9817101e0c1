#include "proto/manifest.hpp"

#include "proto/canonical.hpp"
#include "proto/codec.hpp"
#include "proto/error.hpp"

#include <bit>
#include <sodium.h>

namespace p2pd::proto {

namespace {

constexpr std::uint64_t manifest_version = 1;
constexpr std::size_t entry_fields = 5;
constexpr std::size_t max_path = 4096;
constexpr std::size_t least_entry = 9;  // bytes: each field in its shortest, a path of one byte
constexpr std::size_t entry_frame = 27; // bytes at most beside its path and target

Entry decode_entry(CanonicalReader& in) {
  in.array_of(entry_fields);
  Entry entry;
  entry.kind = static_cast<Entry::Kind>(in.natural(static_cast<std::uint64_t>(Entry::Kind::last)));
  entry.path = std::string(text(in.bin(max_path))); // of no larger capacity, unlike by assignment
  entry.size = in.natural(max_content_size);
  entry.mtime_ns = in.integer();
  entry.target = std::string(text(in.bin(max_path)));
  return entry;
}

void encode_entry(Encoder& encoder, const Entry& entry) {
  encoder.array(entry_fields);
  encoder.natural(static_cast<std::uint64_t>(entry.kind));
  encoder.bin(view(entry.path));
  encoder.natural(entry.size);
  encoder.integer(entry.mtime_ns);
  encoder.bin(view(entry.target));
}

void check_entry(const Entry& entry) {
  if (!safe_path(entry.path)) throw Error("manifest: a path leaves its tree or is malformed");
  const bool symlink = entry.kind == Entry::Kind::symlink;
  if (!entry.is_file() && entry.size != 0) throw Error("manifest: only files have a size");
  if (symlink && entry.mtime_ns != 0) throw Error("manifest: a symlink has a time");
  if (symlink ? !safe_target(entry.path, entry.target) : !entry.target.empty())
    throw Error("manifest: a symlink leaves its tree");
}

// In strict path order, so that no path occurs twice; below folders only, so that no write goes
// through a symlink or a file of the same tree.
void check_tree(const Manifest& manifest) {
  std::uint64_t total = 0;
  std::vector<const Entry*> open; // the folders around the entry at hand
  const Entry* before = nullptr;
  for (const Entry& entry : manifest.entries) {
    check_entry(entry);
    if (before != nullptr && !path_before(before->path, entry.path))
      throw Error("manifest: paths are not in order, or one occurs twice");
    while (!open.empty() && !entry.path.starts_with(open.back()->path + "/")) open.pop_back();
    const std::size_t slash = entry.path.rfind('/');
    const std::string_view parent =
        std::string_view(entry.path).substr(0, slash == std::string::npos ? 0 : slash);
    if (parent != (open.empty() ? std::string_view() : std::string_view(open.back()->path)))
      throw Error("manifest: a path has no folder of its own");
    if (entry.kind == Entry::Kind::folder) open.push_back(&entry);
    total += entry.size;
    before = &entry;
  }
  if (total != manifest.size) throw Error("manifest: the files do not add up to its size");
}

} // namespace

ByteOffset Manifest::offset(ChunkIndex chunk) const {
  return ByteOffset{std::uint64_t{number(chunk)} * chunk_size};
}

std::uint32_t Manifest::length(ChunkIndex chunk) const {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(chunk_size, size - number(offset(chunk))));
}

bool valid_chunk_size(std::uint64_t bytes) {
  return std::has_single_bit(bytes) && bytes >= min_chunk_size && bytes <= max_chunk_size;
}

std::uint32_t default_chunk_size(std::uint64_t size) {
  std::uint32_t chunk_size = small_chunk_size;
  while (chunk_size < usual_chunk_size && chunk_count(size, chunk_size) > 512) chunk_size *= 2;
  while (chunk_size < max_chunk_size && chunk_count(size, chunk_size) > 65'536) chunk_size *= 2;
  return chunk_size;
}

std::uint64_t chunk_count(std::uint64_t size, std::uint32_t chunk_size) {
  return size / chunk_size + (size % chunk_size != 0);
}

bool valid_shape(std::uint64_t size, std::uint64_t chunk_size) {
  return valid_chunk_size(chunk_size) &&
         chunk_count(size, static_cast<std::uint32_t>(chunk_size)) <= max_chunks;
}

Bytes encode(const Manifest& manifest) {
  Bytes out;
  std::size_t size = 64 + manifest.hashes.size() * Digest::size;
  for (const Entry& entry : manifest.entries)
    size += entry_frame + entry.path.size() + entry.target.size();
  out.reserve(size);
  Encoder encoder(out);
  encoder.array(5);
  encoder.natural(manifest_version);
  encoder.natural(manifest.size);
  encoder.natural(manifest.chunk_size);
  encoder.array(manifest.entries.size());
  for (const Entry& entry : manifest.entries) encode_entry(encoder, entry);
  static_assert(sizeof(Digest) == Digest::size);
  encoder.bin({reinterpret_cast<const std::uint8_t*>(manifest.hashes.data()),
               manifest.hashes.size() * Digest::size});
  return out;
}

std::size_t encoded_size(const Entry& entry) {
  Bytes out;
  out.reserve(64 + entry.path.size() + entry.target.size());
  Encoder encoder(out);
  encode_entry(encoder, entry);
  return out.size();
}

Manifest decode_manifest(View bytes) {
  if (bytes.size() > max_manifest) throw Error("manifest: over 64 MiB");
  CanonicalReader in(bytes);
  in.array_of(5);
  if (in.natural(~std::uint64_t{0}) != manifest_version) throw Error("manifest: unknown version");
  Manifest manifest;
  manifest.size = in.natural(max_content_size);
  manifest.chunk_size = static_cast<std::uint32_t>(in.natural(max_chunk_size));
  if (!valid_chunk_size(manifest.chunk_size)) throw Error("manifest: invalid chunk size");
  const std::size_t entries = in.array(max_entries);
  manifest.entries.reserve(std::min(entries, in.left() / least_entry));
  for (std::size_t i = 0; i < entries; ++i) manifest.entries.push_back(decode_entry(in));
  const View hashes = in.bin(std::size_t{max_chunks} * Digest::size);
  if (hashes.size() != chunk_count(manifest.size, manifest.chunk_size) * Digest::size)
    throw Error("manifest: the number of hashes does not match its size");
  manifest.hashes.resize(hashes.size() / Digest::size);
  if (!hashes.empty()) std::memcpy(manifest.hashes.data(), hashes.data(), hashes.size());
  in.finish();
  if (!manifest.entries.empty()) check_tree(manifest);
  return manifest;
}

ContentId content_id_of(View manifest_bytes) {
  static_assert(ContentId::size >= crypto_generichash_blake2b_BYTES_MIN);
  constexpr std::array<std::uint8_t, crypto_generichash_blake2b_PERSONALBYTES> personal{
      'p', '2', 'p', 'd', '.', 'm', 'a', 'n', 'i', 'f', 'e', 's', 't'};
  ContentId id;
  crypto_generichash_blake2b_salt_personal(id.bytes.data(), id.bytes.size(), manifest_bytes.data(),
                                           manifest_bytes.size(), nullptr, 0, nullptr,
                                           personal.data());
  return id;
}

} // namespace p2pd::proto
