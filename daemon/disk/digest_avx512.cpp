#include "daemon/disk/digest_kernel.hpp"
#include "daemon/disk/digest_lanes.hpp"

namespace p2pd::disk {

void hash_leaves_avx512(const std::uint8_t* leaves, std::uint8_t* hashes) {
  Kernel<8>::hash_leaves(leaves, hashes);
}

} // namespace p2pd::disk
