declare module 'jstat' {
  const jStat: {
    readonly studentt: {
      /** Quantile of Student's t. */
      inv(p: number, degreesOfFreedom: number): number;
    };
  };
  export default jStat;
}
