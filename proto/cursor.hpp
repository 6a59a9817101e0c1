// Cursors for lists ordered by id: the bytes of the last id of the previous page; "" for the first
// page. Thread: any; pure.
#pragma once

#include "proto/error.hpp"
#include "proto/ids.hpp"

#include <algorithm>

namespace p2pd::proto {

template <class Id>
std::string cursor_behind(const Id& id) {
  return std::string(text(id.bytes));
}

// Whether the id comes after the cursor. Throws Error for an invalid cursor.
template <class Id>
bool is_behind(std::string_view cursor, const Id& id) {
  if (cursor.empty()) return true;
  if (cursor.size() != id.bytes.size()) throw Error("a malformed cursor");
  return std::ranges::lexicographical_compare(view(cursor), id.bytes);
}

} // namespace p2pd::proto
