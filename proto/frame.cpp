#include "proto/frame.hpp"

#include "proto/error.hpp"

namespace p2pd::proto {

std::optional<View> front_frame(View stream, std::size_t cap) {
  if (stream.size() < frame_header) return std::nullopt;
  const std::size_t length = std::size_t{stream[0]} << 24 | std::size_t{stream[1]} << 16 |
                             std::size_t{stream[2]} << 8 | std::size_t{stream[3]};
  if (length == 0) throw Error("empty frame");
  if (length > cap) throw Error("frame of " + std::to_string(length) + " bytes is over the cap");
  if (stream.size() - frame_header < length) return std::nullopt;
  return stream.subspan(frame_header, length);
}

FrameWriter::FrameWriter(Bytes& out) : out_(out), start_(out.size()) {
  out_.resize(start_ + frame_header);
}

void FrameWriter::close(std::size_t cap) {
  const std::size_t length = out_.size() - start_ - frame_header;
  if (length > cap) {
    out_.resize(start_);
    throw Error("frame of " + std::to_string(length) + " bytes is over the cap");
  }
  for (std::size_t i = 0; i < frame_header; ++i)
    out_[start_ + i] = static_cast<std::uint8_t>(length >> (24 - 8 * i));
}

} // namespace p2pd::proto
