#include "daemon/disk/digest.hpp"

#include "daemon/disk/digest_lanes.hpp"

#include <bit>
#include <sodium.h>

namespace p2pd::disk {

namespace {

using Personal = std::array<std::uint8_t, crypto_generichash_blake2b_PERSONALBYTES>;
constexpr Personal leaf_personal{'p', '2', 'p', 'd', '.', 'l', 'e', 'a', 'f'};
constexpr Personal chunk_personal{'p', '2', 'p', 'd', '.', 'c', 'h', 'u', 'n', 'k'};

proto::Digest leaf_hash(proto::View leaf) {
  proto::Digest digest;
  crypto_generichash_blake2b_salt_personal(digest.bytes.data(), digest.bytes.size(), leaf.data(),
                                           leaf.size(), nullptr, 0, nullptr, leaf_personal.data());
  return digest;
}

// The upper level of the tree: takes leaf hashes in order.
class ChunkRoot {
 public:
  ChunkRoot() {
    crypto_generichash_blake2b_init_salt_personal(&state_, nullptr, 0, proto::Digest::size, nullptr,
                                                  chunk_personal.data());
  }
  void add(proto::View hashes) {
    crypto_generichash_blake2b_update(&state_, hashes.data(), hashes.size());
  }
  proto::Digest finish() {
    proto::Digest digest;
    crypto_generichash_blake2b_final(&state_, digest.bytes.data(), digest.bytes.size());
    return digest;
  }

 private:
  crypto_generichash_blake2b_state state_;
};

// Hashes leaves from the front of the chunk as long as they fill every lane.
template <std::size_t Lanes>
void add_full_leaves(ChunkRoot& root, proto::View& chunk,
                     void (*hash_leaves)(const std::uint8_t*, std::uint8_t*)) {
  std::array<std::uint8_t, Lanes * proto::Digest::size> hashes;
  for (; chunk.size() >= Lanes * leaf_size; chunk = chunk.subspan(Lanes * leaf_size)) {
    hash_leaves(chunk.data(), hashes.data());
    root.add(hashes);
  }
}

proto::Digest compute_zero_hash(std::size_t length) {
  static constexpr std::array<std::uint8_t, leaf_size> zeros{};
  static const proto::Digest full_leaf = leaf_hash(zeros);
  ChunkRoot root;
  for (std::size_t i = 0; i < length / leaf_size; ++i) root.add(full_leaf.bytes);
  if (length % leaf_size != 0)
    root.add(leaf_hash(proto::View(zeros).first(length % leaf_size)).bytes);
  return root.finish();
}

constexpr int smallest_log = std::countr_zero(proto::min_chunk_size);
constexpr int largest_log = std::countr_zero(proto::max_chunk_size);
using ZeroHashes = std::array<proto::Digest, largest_log - smallest_log + 1>;

ZeroHashes full_zero_hashes() {
  ZeroHashes hashes;
  for (int log = smallest_log; log <= largest_log; ++log)
    hashes[static_cast<std::size_t>(log - smallest_log)] = compute_zero_hash(std::size_t{1} << log);
  return hashes;
}

} // namespace

// __builtin_cpu_supports asks the operating system too, which must save the wider registers.
bool supported([[maybe_unused]] Path path) {
#if defined(__x86_64__)
  if (path == Path::lanes4) return __builtin_cpu_supports("avx2") != 0;
  if (path == Path::lanes8)
    return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx2") != 0;
#endif
  return path == Path::scalar;
}

Path best_path() {
  static const Path best = supported(Path::lanes8)   ? Path::lanes8
                           : supported(Path::lanes4) ? Path::lanes4
                                                     : Path::scalar;
  return best;
}

proto::Digest chunk_hash(proto::View chunk) {
  return chunk_hash(chunk, best_path());
}

proto::Digest chunk_hash(proto::View chunk, [[maybe_unused]] Path path) {
  ChunkRoot root;
#if defined(__x86_64__)
  if (path == Path::lanes8) add_full_leaves<8>(root, chunk, hash_leaves_avx512);
  if (path != Path::scalar) add_full_leaves<4>(root, chunk, hash_leaves_avx2);
#endif
  while (!chunk.empty()) {
    const proto::View leaf = chunk.first(std::min(leaf_size, chunk.size()));
    root.add(leaf_hash(leaf).bytes);
    chunk = chunk.subspan(leaf.size());
  }
  return root.finish();
}

// Zeros compare equal to themselves shifted by some bytes, and memcmp runs at memory speed.
bool all_zero(proto::View bytes) {
  constexpr std::size_t step = 64;
  for (std::size_t i = 0; i < std::min(step, bytes.size()); ++i)
    if (bytes[i] != 0) return false;
  return bytes.size() <= step ||
         std::memcmp(bytes.data(), bytes.data() + step, bytes.size() - step) == 0;
}

proto::Digest zero_chunk_hash(std::size_t length) {
  if (!proto::valid_chunk_size(length)) return compute_zero_hash(length);
  static const ZeroHashes hashes = full_zero_hashes();
  return hashes[static_cast<std::size_t>(std::countr_zero(length) - smallest_log)];
}

bool is_zero_chunk(const proto::Manifest& manifest, proto::ChunkIndex chunk) {
  return manifest.hashes[number(chunk)] == zero_chunk_hash(manifest.length(chunk));
}

} // namespace p2pd::disk
