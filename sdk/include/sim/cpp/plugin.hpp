/// Everything a model needs: fields, numbers, mathematics, random numbers, commands and SIM_PLUGIN.
#pragma once

#include <sim/cpp/commands.hpp>
#include <sim/cpp/entry.hpp>
#include <sim/cpp/math.hpp>
#include <sim/cpp/random.hpp>
