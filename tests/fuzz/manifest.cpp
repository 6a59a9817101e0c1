// Manifests come from any member, and files are written where they say. One that is accepted has
// one form only, adds up and stays inside its tree.
#include "tests/fuzz/target.hpp"

#include "proto/error.hpp"
#include "proto/manifest.hpp"

using namespace p2pd::proto;
using p2pd::fuzz::require;

namespace {

void check(const Manifest& manifest) {
  require(valid_shape(manifest.size, manifest.chunk_size));
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < manifest.chunks(); ++i) {
    require(number(manifest.offset(ChunkIndex{i})) == sum);
    require(manifest.length(ChunkIndex{i}) > 0);
    sum += manifest.length(ChunkIndex{i});
  }
  require(sum == manifest.size);
  for (const Entry& entry : manifest.entries) {
    require(safe_path(entry.path));
    require(entry.kind != Entry::Kind::symlink || safe_target(entry.path, entry.target));
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const Manifest manifest = decode_manifest({data, size});
    check(manifest);
    require(encode(manifest) == Bytes(data, data + size));
  } catch (const Error&) {
  }
  return 0;
}
