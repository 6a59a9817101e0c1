// Bars of blocks, to an eighth of a column; of whole columns in ASCII. Thread: any; pure.
#pragma once

#include "ctl/render/style.hpp"

namespace p2pd::ctl {

std::string repeated(std::string_view piece, std::size_t times);

// A bar of the share, from 0 to 1, of `columns`; rounded down, but visible if it is not 0.
std::string bar(double share, std::size_t columns, const Style& style);

// The bar and, behind it, the remaining columns.
std::string gauge(double share, std::size_t columns, Tint tint, const Style& style);

} // namespace p2pd::ctl
