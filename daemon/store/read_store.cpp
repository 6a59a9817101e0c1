#include "daemon/store/read_store.hpp"

#include "daemon/disk/digest.hpp"

namespace p2pd::store {

disk::Result<std::vector<proto::Digest>> ReadStore::hash_chunks(proto::ChunkIndex first,
                                                                std::uint32_t count,
                                                                proto::MutableView scratch) const {
  assert(scratch.size() >= manifest().chunk_size);
  std::vector<proto::Digest> hashes;
  hashes.reserve(count);
  const std::uint32_t end = number(first) + count;
  for (std::uint32_t i = number(first); i < end; ++i) {
    const proto::ChunkIndex chunk{i};
    const proto::ByteOffset from = manifest().offset(chunk);
    const std::uint32_t length = manifest().length(chunk);
    if (files_.is_hole(from, length)) {
      hashes.push_back(disk::zero_chunk_hash(length));
      continue;
    }
    if (const proto::ChunkIndex next{i + 1}; number(next) < end)
      files_.will_need(manifest().offset(next), manifest().length(next));
    const iovec whole{scratch.data(), length};
    if (disk::Outcome got = files_.read(from, {&whole, 1}); !got) return got.fault();
    hashes.push_back(disk::chunk_hash(scratch.first(length)));
  }
  return hashes;
}

} // namespace p2pd::store
