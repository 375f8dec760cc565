/* Extension ids that later versions of the SDK give a meaning to. Kept free; asking for one gives NULL today. */
#ifndef SIM_EXT_RESERVED_H
#define SIM_EXT_RESERVED_H

#define SIM_RESERVED_STATE "sim.state/1"     /* save and load of object models */
#define SIM_RESERVED_MIGRATE "sim.migrate/1" /* changes of schema that copying by id cannot express */
#define SIM_RESERVED_CHANNELS "sim.channels/1"
#define SIM_RESERVED_SERIAL "sim.serial/1"
#define SIM_RESERVED_SCRATCH "sim.scratch/1"

#endif
