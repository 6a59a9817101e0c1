// The hash of a chunk: a tree of BLAKE2b-256 in two levels.
//
//   leaf hash  = BLAKE2b-256(personal "p2pd.leaf",  up to 16 KiB of the chunk)
//   chunk hash = BLAKE2b-256(personal "p2pd.chunk", the leaf hashes one after the other)
//
// Leaves are independent, so several full ones are hashed at once in the lanes of vector registers;
// a short last leaf and leftover leaves go through libsodium, as do all leaves on machines without
// such registers. sodium_init() selects libsodium's fastest code; the results are the same without.
//
// Thread: any. Never fails. Source: RFC 7693, parameter block of the BLAKE2 paper, section 2.5.
#pragma once

#include "proto/manifest.hpp"

namespace p2pd::disk {

constexpr std::size_t leaf_size = 16 << 10;

// How full leaves are hashed: one at a time by libsodium, 4 at once (AVX2), 8 at once (AVX-512F).
enum class Path : std::uint8_t { scalar, lanes4, lanes8 };
bool supported(Path path); // by this machine
Path best_path();

proto::Digest chunk_hash(proto::View chunk); // by the best path
proto::Digest chunk_hash(proto::View chunk, Path path);

// Chunks of zeros are neither sent nor written: they are recognised by their hash.
bool all_zero(proto::View bytes);
proto::Digest zero_chunk_hash(std::size_t length); // at no cost for every valid chunk size
bool is_zero_chunk(const proto::Manifest& manifest, proto::ChunkIndex chunk);

} // namespace p2pd::disk
