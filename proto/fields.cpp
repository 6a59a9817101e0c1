#include "proto/fields.hpp"

namespace p2pd::proto {

bool valid_name(std::string_view bytes) {
  return !bytes.empty() && bytes.size() <= Name::max && bytes != "." && bytes != ".." &&
         bytes.find('/') == std::string_view::npos && bytes.find('\0') == std::string_view::npos;
}

} // namespace p2pd::proto
