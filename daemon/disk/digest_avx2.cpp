#include "daemon/disk/digest_kernel.hpp"
#include "daemon/disk/digest_lanes.hpp"

namespace p2pd::disk {

void hash_leaves_avx2(const std::uint8_t* leaves, std::uint8_t* hashes) {
  Kernel<4>::hash_leaves(leaves, hashes);
}

} // namespace p2pd::disk
