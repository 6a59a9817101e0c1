// Frames: a 4-byte big-endian length, then that many bytes. The cap is checked on the length,
// before anything is stored or allocated. Thread: any; values only.
#pragma once

#include "proto/bytes.hpp"

#include <cstddef>
#include <optional>

namespace p2pd::proto {

constexpr std::size_t frame_header = 4;
constexpr std::size_t max_frame = 1024 * 1024;

// The payload of the frame at the front of `stream`; nothing while it is incomplete. Throws Error
// if the announced length is zero or above `cap`.
std::optional<View> front_frame(View stream, std::size_t cap = max_frame);

// A frame is written in place: open, append the payload to `out`, close.
// close throws Error if the payload exceeds `cap`; `out` is then as it was before open.
class FrameWriter {
 public:
  explicit FrameWriter(Bytes& out);
  void close(std::size_t cap = max_frame);

 private:
  Bytes& out_;
  std::size_t start_;
};

} // namespace p2pd::proto
