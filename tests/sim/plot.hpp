// Draws a run as an SVG: who is done, copies of the chunks, and use of the links, over time.
#pragma once

#include "tests/sim/report.hpp"

#include <iosfwd>

namespace p2pd::sim {

void plot(std::ostream& out, const World& world, const Result& result);

} // namespace p2pd::sim
